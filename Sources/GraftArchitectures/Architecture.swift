import Foundation
import GraftGraph
import GraftTensors

/// A network that is known by name: how to build its graph for an image size, with or without its classifier.
public struct Architecture: Sendable {
  /// What the command line calls it: Keras's function name in lower case.
  public let name: String
  /// The name of the plain network that this is a width of; its own where it is none. A family shares its preprocessing.
  public let family: String
  /// For people: “VGG-16”.
  public let title: String
  /// The paper, and whose layer names are used.
  public let source: String
  /// The side of the square images that it was designed for, in pixels.
  public let defaultInputSize: Int
  /// The least side that its poolings leave anything of.
  public let minimumInputSize: Int
  /// Other networks that weight files were published of under this one's name. A file's layer names tell them apart.
  public let variants: [Architecture]
  /// What the weights that are published under its source's layer names want done to images, where they all agree and no
  /// catalogue says so.
  public let preprocessing: Preprocessing?
  private let build: @Sendable (Size2D, Int?) throws -> LayerGraph

  /// - Parameters:
  ///   - family: the plain network that this is a width of; itself where nil.
  ///   - variants: other networks that bear the same name in weight files.
  ///   - preprocessing: what its source's published weights want done to images, where that is not in the catalogue.
  ///   - build: makes the graph for images of a size, with a classifier for a number of classes or without.
  public init(
    name: String, family: String? = nil, title: String, source: String, defaultInputSize: Int, minimumInputSize: Int,
    variants: [Architecture] = [], preprocessing: Preprocessing? = nil,
    build: @escaping @Sendable (_ inputSize: Size2D, _ classes: Int?) throws -> LayerGraph
  ) {
    self.name = name
    self.family = family ?? name
    self.title = title
    self.source = source
    self.defaultInputSize = defaultInputSize
    self.minimumInputSize = minimumInputSize
    self.variants = variants
    self.preprocessing = preprocessing
    self.build = build
  }

  /// The network for images of a size.
  ///
  /// - Parameters:
  ///   - inputSize: the architecture's default where nil.
  ///   - classes: how many classes its own classifier tells apart; nil leaves the classifier off, so that the output is
  ///     the last feature map, `[C, H, W]`.
  public func graph(inputSize: Size2D? = nil, classes: Int? = nil) throws -> LayerGraph {
    let size = inputSize ?? Size2D(defaultInputSize)
    guard min(size.height, size.width) >= minimumInputSize else {
      throw ArchitectureError.imagesTooSmall(architecture: title, minimum: minimumInputSize, found: size)
    }
    return try build(size, classes)
  }
}

extension Architecture {
  /// All architectures, in the order in which `graft models` lists them. To add one, write its file and name it here.
  public static let all: [Architecture] = [
    .vgg16, .vgg19,
    .resnet50, .resnet101, .resnet152, .resnet50V2, .resnet101V2, .resnet152V2,
    .resnet18Torchvision, .resnet34Torchvision, .resnet50Torchvision, .resnet101Torchvision, .resnet152Torchvision,
    .resnet20CIFAR, .resnet32CIFAR, .resnet44CIFAR, .resnet56CIFAR, .resnet110CIFAR,
    .vgg16Torchvision, .vgg19Torchvision,
    .inceptionV3, .inceptionV3Torchvision, .xception, .mobilenet, .mobilenetV2, .mobilenetV2Torchvision,
    .squeezenet, .squeezenetTorchvision, .squeezenetTiny,
  ]

  /// The architecture of that name; the MobileNets also in any width: `mobilenet-0.25`, `mobilenetv2-1.4`.
  ///
  /// - Throws: `ArchitectureError.unknownArchitecture`, with the names that come nearest.
  public static func named(_ name: String) throws(ArchitectureError) -> Architecture {
    if let architecture = all.first(where: { $0.name == name.lowercased() }) { return architecture }
    if let architecture = ofWidth(name.lowercased()) { return architecture }
    throw .unknownArchitecture(
      name, suggestions: closestNames(to: name, among: all.map(\.name)), known: all.map(\.name))
  }

  /// A network whose name ends in its width: a plain decimal number above 0, and no more than anyone could compute.
  private static func ofWidth(_ name: String) -> Architecture? {
    let families = ["mobilenet": mobilenet(width:), "mobilenetv2": mobilenetV2(width:)]
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let family = families[String(parts[0])], let width = Double(parts[1]),
      parts[1].allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }), (0.01...16).contains(width)
    else { return nil }
    return family(width)
  }
}

public enum ArchitectureError: Error, Hashable {
  case unknownArchitecture(String, suggestions: [String], known: [String])
  case imagesTooSmall(architecture: String, minimum: Int, found: Size2D)
  /// `expected` says which sizes suit.
  case unsuitableSize(architecture: String, expected: String, found: Size2D)
}

extension ArchitectureError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .unknownArchitecture(let name, let suggestions, let known):
      "there is no network “\(name)”"
        + (suggestions.isEmpty ? "; known are \(known.joined(separator: ", "))" : didYouMean(suggestions))
    case .imagesTooSmall(let architecture, let minimum, let found):
      "\(architecture) needs images of at least \(minimum)×\(minimum) pixels, not \(found)"
    case .unsuitableSize(let architecture, let expected, let found):
      "\(architecture) needs images whose sides are \(expected), not \(found)"
    }
  }

  public var errorDescription: String? { description }
}
