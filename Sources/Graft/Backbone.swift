import Foundation
import GraftArchitectures
import GraftCatalogue
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftImport
import GraftTensors

/// A pretrained network without its classifier, ready to be given another.
///
/// ```swift
/// let named = try Backbone("squeezenet", weights: URL(filePath: "squeezenet_weights_notop.h5"))
/// let any = try Backbone(contentsOf: URL(filePath: "model.onnx"), preprocessing: .torch)
/// let small = try Backbone("squeezenet-tiny")  // with the weights that Graft carries
/// ```
public struct Backbone: Sendable {
  /// Where a backbone's layers and numbers came from.
  public enum Origin: Sendable {
    /// A file that describes its network.
    case model(URL)
    /// Keras's description of a network, in JSON, and its numbers beside it.
    case configuration(URL, weights: URL)
    /// The numbers of a network that is known by name.
    case weights(URL, Architecture)
    /// The program itself.
    case embedded(EmbeddedWeights, Architecture)
    /// Chance.
    case random(Architecture)
  }

  public let origin: Origin
  /// The layer that was named as the backbone's end; nil where it ends before its classifier.
  let cut: String?
  /// The named network that this is; nil where it is none of them.
  public let architecture: Architecture?
  /// From images to the last feature map, `[C, H, W]`, or to class probabilities where the top was kept.
  public let graph: LayerGraph
  public let parameters: Parameters
  public let preprocessing: Preprocessing
  /// The order of feature maps in the framework that the file is of; what feature tables keep to.
  public let isChannelsLast: Bool
  public let report: LoadReport
  private let recognition: FileRecognition?

  /// Loads a network that is known by name.
  ///
  /// - Parameters:
  ///   - name: an architecture's, as `graft models` lists them.
  ///   - weights: a Keras HDF5 file of that architecture, a PyTorch checkpoint or safetensors with its modules'
  ///     names, or Graft's own safetensors. Where nil, the published file that
  ///     `graft weights fetch` or `WeightsDownload` has put into the cache, else the weights that Graft itself carries,
  ///     which only the architectures of `EmbeddedWeights.all` have.
  ///   - cache: where published files are looked for.
  ///   - inputSize: the side of the images that the network will see; the architecture's default where nil.
  ///   - keepsTop: whether the network ends with the file's own classifier, where the file has one; for features of the
  ///     classifier's layers.
  ///   - cut: the layer whose output is the backbone's, instead of the last feature map.
  ///   - preprocessing: what the weights want done to images; taken from the file or its architecture where nil.
  /// - Throws: `ArchitectureError`, `CatalogueError`, `FormatError`, `ImportError`; the last also where the preprocessing
  ///   is not known.
  public init(
    _ name: String, weights: URL? = nil, cache: WeightsCache = .standard, inputSize: Int? = nil, keepsTop: Bool = false,
    cut: String? = nil, preprocessing: Preprocessing? = nil
  ) throws {
    let architecture = try Architecture.named(name)
    let origin: Origin
    if let file = weights ?? cache.file(of: architecture, preferringTop: keepsTop) {
      origin = .weights(file, architecture)
    } else if let embedded = EmbeddedWeights.of(architecture) {
      origin = .embedded(embedded, architecture)
    } else {
      throw CatalogueError.noWeights(
        architecture: architecture.title, cache: cache.folder.path(percentEncoded: false),
        fetch: KnownWeights.of(architecture).first?.name)
    }
    try self.init(
      origin, inputSize: inputSize.map { Size2D($0) }, keepsTop: keepsTop, cut: cut, preprocessing: preprocessing)
  }

  /// Loads a network from a file that describes it.
  ///
  /// - Parameters:
  ///   - url: a Keras model (.h5, .keras), an ONNX file, or a PyTorch checkpoint of a network that is known by name; or
  ///     Keras's description in JSON, whose numbers lie in `weights`.
  ///   - weights: for a description in JSON alone.
  ///   - inputSize: the side of the images that the network will see; the file's own where nil.
  ///   - keepsTop: whether the network ends with the file's own classifier, where the file has one.
  ///   - cut: the layer whose output is the backbone's, instead of the last feature map.
  ///   - preprocessing: what the weights want done to images; taken from the file where nil.
  /// - Throws: `FormatError`, `ImportError`, `GraphError`; `ImportError` also where the preprocessing is not known.
  public init(
    contentsOf url: URL, weights: URL? = nil, inputSize: Int? = nil, keepsTop: Bool = false, cut: String? = nil,
    preprocessing: Preprocessing? = nil
  ) throws {
    try self.init(
      weights.map { .configuration(url, weights: $0) } ?? .model(url), inputSize: inputSize.map { Size2D($0) },
      keepsTop: keepsTop, cut: cut, preprocessing: preprocessing)
  }

  private init(
    _ origin: Origin, inputSize: Size2D?, keepsTop: Bool, cut: String?, preprocessing: Preprocessing?
  ) throws {
    guard let network = try Self.network(origin, inputSize: inputSize, keepsTop: keepsTop || cut != nil),
      let preprocessing = preprocessing ?? network.preprocessing
    else {
      throw ImportError.noPreprocessing(file: origin.file?.lastPathComponent ?? "", known: Preprocessing.names)
    }
    self.origin = origin
    architecture = network.architecture
    self.cut = cut
    graph = try cut.map { try network.graph.cut(at: [$0]) } ?? network.graph
    parameters = network.parameters
    guard let channels = network.graph.inputs.first?.shape[0], let suited = preprocessing.forChannels(channels) else {
      throw ImportError.wrongChannels(
        file: origin.file?.lastPathComponent ?? "", channels: network.graph.inputs.first?.shape[0] ?? 0,
        preprocessing: preprocessing.name)
    }
    self.preprocessing = suited
    isChannelsLast = network.isChannelsLast
    report = network.report
    recognition = network.recognition
  }

  /// The numbers as they lie in their file now.
  func readAnew() throws -> Parameters {
    try Self.network(origin, inputSize: inputSize, keepsTop: cut != nil)?.parameters ?? parameters
  }

  /// Reads a network from where it is said to lie; nil where it lies nowhere.
  private static func network(_ origin: Origin, inputSize: Size2D?, keepsTop: Bool = false) throws -> ImportedNetwork? {
    switch origin {
    case .model(let url): try ImportedNetwork(contentsOf: url, inputSize: inputSize, keepsTop: keepsTop)
    case .configuration(let url, let weights):
      try ImportedNetwork(kerasConfiguration: url, weights: weights, inputSize: inputSize, keepsTop: keepsTop)
    case .weights(let url, let architecture):
      try ImportedNetwork(architecture, weights: url, inputSize: inputSize, keepsTop: keepsTop)
    case .embedded(let embedded, let architecture):
      try ImportedNetwork(architecture, embedded: embedded, inputSize: inputSize)
    case .random: nil
    }
  }

  /// A backbone of fresh random numbers, to be trained from the ground up.
  public init(
    untrained name: String, inputSize: Int? = nil, preprocessing: Preprocessing = .tensorFlow, seed: UInt64
  ) throws {
    let architecture = try Architecture.named(name)
    origin = .random(architecture)
    cut = nil
    self.architecture = architecture
    graph = try architecture.graph(inputSize: inputSize.map { Size2D($0) })
    parameters = .initialized(graph.parameters, seed: seed)
    self.preprocessing = preprocessing
    isChannelsLast = true
    report = LoadReport()
    recognition = nil
  }

  /// The published file that the numbers came from, by its hash; nil where it is none.
  public var known: KnownWeights? { recognition?.known }

  /// The file that the numbers came from; nil where they came from none.
  public var weights: URL? { origin.file }

  /// Whether the numbers are random.
  public var isUntrained: Bool {
    if case .random = origin { true } else { false }
  }

  /// The size of the images that the network takes.
  public var inputSize: Size2D {
    let shape = graph.inputs.first?.shape ?? [3, 0, 0]
    return Size2D(height: shape[1], width: shape[2])
  }

  /// How images are cut to that size where nothing random is wanted.
  public func evaluationView(_ resize: EvaluationView.Resize = .shorterSideAndCrop) -> EvaluationView {
    EvaluationView(width: inputSize.width, height: inputSize.height, resize: resize)
  }

  /// The backbone with a new classifier on it, whose numbers are fresh.
  public func classifier(
    classes: [String], pooling: FeaturePooling = .avg, dropout: Float = 0,
    resize: EvaluationView.Resize = .shorterSideAndCrop, seed: UInt64 = 0
  ) throws -> TrainedModel {
    try model(
      [Head(.classification(classes: classes), dropout: dropout)], pooling: pooling, resize: resize, seed: seed)
  }

  /// The backbone with new heads on it, whose numbers are fresh. For layers of another make, add them to `graph` and make a
  /// `TrainedModel` of the result.
  public func model(
    _ heads: [Head], pooling: FeaturePooling = .avg, resize: EvaluationView.Resize = .shorterSideAndCrop,
    seed: UInt64 = 0
  ) throws -> TrainedModel {
    let full = try graph.attaching(heads, pooling: pooling)
    let added = full.nodes.filter { graph[$0.name] == nil }
    var all = parameters
    all.merge(.initialized(added.flatMap(\.parameters), seed: seed))
    return TrainedModel(
      graph: full, parameters: all, tasks: heads.map(\.task), head: Set(added.map(\.name)),
      view: evaluationView(resize), preprocessing: preprocessing)
  }
}

extension Backbone.Origin {
  var file: URL? {
    switch self {
    case .model(let url), .weights(let url, _), .configuration(_, let url): url
    case .embedded, .random: nil
    }
  }
}
