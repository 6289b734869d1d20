import ArgumentParser
import Foundation
import Graft

/// Which network, with which numbers.
struct BackboneOptions: ParsableArguments {
  @Option(help: "The network: \(Architecture.all.map(\.name).joined(separator: ", ")).")
  var backbone: String

  @Option(
    help: ArgumentHelp(
      "Its weights: a Keras .h5 file, a PyTorch .pth or .safetensors for a network with PyTorch's names, or Graft's own "
        + ".safetensors; “random” for fresh ones. May be left out for a network "
        + "that Graft carries weights for, or that graft weights fetch has fetched.", valueName: "file"))
  var weights: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(
    help: ArgumentHelp(
      "What is done to images, where the weights do not say: \(Preprocessing.names.joined(separator: ", ")).",
      valueName: "mode"))
  var preprocessing: String?

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

  /// Loads the network and says what became of the file.
  ///
  /// - Parameter keepsTop: whether the file's own classifier is wanted too.
  func load(seed: UInt64 = 0, keepsTop: Bool = false) throws -> Backbone {
    let mode = preprocessing.flatMap { Preprocessing(named: $0) }
    switch try file(preferringTop: keepsTop) {
    case "random":
      return try Backbone(untrained: backbone, inputSize: imageSize, preprocessing: mode ?? .tensorFlow, seed: seed)
    case nil where try EmbeddedWeights.of(Architecture.named(backbone)) == nil:
      throw try missing()
    case let path:
      let loaded = try Backbone(
        backbone, weights: path.map { URL(filePath: $0) }, inputSize: imageSize, keepsTop: keepsTop,
        preprocessing: mode)
      describe(loaded, chosen: mode != nil)
      return loaded
    }
  }

  /// The file that was named, else the one that `graft weights fetch` has stored.
  ///
  /// - Parameter preferringTop: whether a file with the classifier is wanted, if both are stored.
  func file(preferringTop: Bool = false) throws -> String? {
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
    let customary = KnownWeights.customaryPreprocessing(of: loaded.architecture)
    if loaded.known == nil, !chosen, loaded.preprocessing == customary {
      terminal.write(
        "preprocessing: \(loaded.preprocessing.name), as is customary for \(loaded.architecture.title); "
          + "if these weights were trained otherwise, say so with --preprocessing")
    }
  }
}

extension Backbone.Origin {
  fileprivate var name: String {
    switch self {
    case .file(let url): url.lastPathComponent
    case .embedded(let weights): "\(weights.file), which Graft carries"
    case .random: "random"
    }
  }
}
