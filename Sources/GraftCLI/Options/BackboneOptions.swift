import ArgumentParser
import Foundation
import Graft

/// Which network, with which numbers.
struct BackboneOptions: ParsableArguments {
  @Option(help: Self.backboneHelp)
  var backbone: String

  @Option(help: Self.weightsHelp)
  var weights: String?

  @Option(help: Self.cutHelp)
  var cut: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(
    help: ArgumentHelp(
      "What is done to images, where the weights do not say: \(Preprocessing.names.joined(separator: ", ")).",
      valueName: "mode"))
  var preprocessing: String?

  static let backboneHelp = ArgumentHelp(
    "The network: a file that describes it (Keras .h5 or .keras, ONNX, Keras's JSON beside --weights), or a name: "
      + Architecture.all.map(\.name).joined(separator: ", ") + ".", valueName: "file|name")

  static let weightsHelp = ArgumentHelp(
    "The numbers of a network given by name: Keras .h5, PyTorch .pth or .safetensors; “random” for fresh ones. May be left "
      + "out for a network that Graft carries weights for, or that graft weights fetch has fetched.", valueName: "file")

  static let cutHelp = ArgumentHelp(
    "The layer where the backbone ends, instead of before its classifier; graft inspect lists them.",
    valueName: "layer")

  mutating func validate() throws {
    if let preprocessing, Preprocessing(named: preprocessing) == nil {
      throw ValidationError(
        "“\(preprocessing)” is no known preprocessing; known are \(Preprocessing.names.joined(separator: ", "))")
    }
    try Self.validate(imageSize: imageSize)
  }

  /// Beyond any photograph a size is a slip of the keyboard, and its products overflow.
  static func validate(imageSize: Int?) throws {
    if let imageSize, !(1...16384).contains(imageSize) {
      throw ValidationError("--image-size is \(imageSize); expected 1 to 16384")
    }
  }

  /// The file that describes the network, where a file was named and no architecture.
  var model: URL? {
    get throws {
      do {
        _ = try Architecture.named(backbone)
        return nil
      } catch {
        if FileManager.default.fileExists(atPath: backbone) { return URL(filePath: backbone) }
        // What looks like a path is a file that is missing, and no slip in a name.
        if backbone.contains("/") || backbone.contains(".") { throw FormatError.fileNotFound(path: backbone) }
        throw error
      }
    }
  }

  /// Loads the network and says what became of the file.
  ///
  /// - Parameter keepsTop: whether the file's own classifier is wanted too.
  func load(seed: UInt64 = 0, keepsTop: Bool = false) throws -> Backbone {
    let mode = preprocessing.flatMap { Preprocessing(named: $0) }
    if let model = try model {
      let numbers = try weightsBeside(model)
      let loaded = try Backbone(
        contentsOf: model, weights: numbers, inputSize: imageSize, keepsTop: keepsTop, cut: cut, preprocessing: mode)
      describe(loaded, chosen: mode != nil)
      return loaded
    }
    switch try file(preferringTop: keepsTop) {
    case "random":
      return try Backbone(untrained: backbone, inputSize: imageSize, preprocessing: mode ?? .tensorFlow, seed: seed)
    case nil where try EmbeddedWeights.of(Architecture.named(backbone)) == nil:
      throw try missing()
    case let path:
      let loaded = try Backbone(
        backbone, weights: path.map { URL(filePath: $0) }, inputSize: imageSize, keepsTop: keepsTop, cut: cut,
        preprocessing: mode)
      describe(loaded, chosen: mode != nil)
      return loaded
    }
  }

  /// The file with the numbers of a network that Keras has described in JSON; nil for a file that brings its own.
  private func weightsBeside(_ model: URL) throws -> URL? {
    guard try FileSignature(contentsOf: model) == .json else {
      if weights == nil { return nil }
      throw ValidationError("\(backbone) brings its own numbers, so --weights has nothing to say; leave it out")
    }
    guard let weights else {
      throw ValidationError("\(backbone) describes a network without its numbers; name their file with --weights")
    }
    return URL(filePath: weights)
  }

  /// The network as its file has it, with the classifier; without one where Graft itself carries the numbers.
  func whole(inputSize: Size2D?) throws -> ImportedNetwork {
    if let model = try model {
      guard let numbers = try weightsBeside(model) else {
        return try ImportedNetwork(contentsOf: model, inputSize: inputSize, keepsTop: true)
      }
      return try ImportedNetwork(kerasConfiguration: model, weights: numbers, inputSize: inputSize)
    }
    let architecture = try Architecture.named(backbone)
    guard let weights = try file(preferringTop: true) else {
      guard let embedded = EmbeddedWeights.of(architecture) else { throw try missing() }
      return try ImportedNetwork(architecture, embedded: embedded, inputSize: inputSize)
    }
    guard weights != "random" else { throw try missing() }
    return try ImportedNetwork(
      architecture, weights: URL(filePath: weights), inputSize: inputSize, keepsTop: true)
  }

  /// The file that was named, else the one that `graft weights fetch` has stored.
  ///
  /// - Parameter preferringTop: whether a file with the classifier is wanted, if both are stored.
  private func file(preferringTop: Bool = false) throws -> String? {
    if let weights { return weights }
    let stored = WeightsCache.standard.file(of: try .named(backbone), preferringTop: preferringTop)
    return stored?.path(percentEncoded: false)
  }

  /// That no weights were named, and where they can be had.
  func missing() throws -> ValidationError {
    let known = KnownWeights.of(try .named(backbone)).first
    return ValidationError(
      "--weights is missing: name the file that holds the network's numbers"
        + (known.map { ", or fetch the published one: graft weights fetch \($0.name)" } ?? ""))
  }

  private func describe(_ loaded: Backbone, chosen: Bool) {
    let terminal = Terminal.standard
    terminal.write("weights: \(loaded.known?.title ?? loaded.origin.name); \(loaded.report.summary)")
    // Only where nothing but custom speaks for it: Graft's own files say what they want.
    guard let architecture = loaded.architecture, loaded.known == nil, !chosen,
      loaded.preprocessing == KnownWeights.customaryPreprocessing(of: architecture)
    else { return }
    terminal.write(
      "preprocessing: \(loaded.preprocessing.name), as is customary for \(architecture.title); "
        + "if these weights were trained otherwise, say so with --preprocessing")
  }
}

extension Backbone.Origin {
  fileprivate var name: String {
    switch self {
    case .model(let url), .weights(let url, _), .configuration(_, let url): url.lastPathComponent
    case .embedded(let weights, _): "\(weights.file), which Graft carries"
    case .random: "random"
    }
  }
}
