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
/// let backbone = try Backbone("squeezenet", weights: URL(filePath: "squeezenet_weights_notop.h5"))
/// let small = try Backbone("squeezenet-tiny")  // with the weights that Graft carries
/// ```
public struct Backbone: Sendable {
  /// Where a backbone's numbers came from.
  public enum Origin: Sendable {
    case file(URL)
    /// The program itself.
    case embedded(EmbeddedWeights)
    /// Chance.
    case random
  }

  public let architecture: Architecture
  public let origin: Origin
  /// From images to the last feature map, `[C, H, W]`, or to class probabilities where the top was kept.
  public let graph: LayerGraph
  public let parameters: Parameters
  public let preprocessing: Preprocessing
  public let report: LoadReport
  public let known: KnownWeights?

  /// Loads a backbone.
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
  ///   - preprocessing: what the weights want done to images; taken from the file or its architecture where nil.
  /// - Throws: `ArchitectureError`, `CatalogueError`, `FormatError`, `ImportError`; the last also where the preprocessing
  ///   is not known.
  public init(
    _ name: String, weights: URL? = nil, cache: WeightsCache = .standard, inputSize: Int? = nil, keepsTop: Bool = false,
    preprocessing: Preprocessing? = nil
  ) throws {
    let architecture = try Architecture.named(name)
    let origin: Origin
    if let file = weights ?? cache.file(of: architecture, preferringTop: keepsTop) {
      origin = .file(file)
    } else if let embedded = EmbeddedWeights.of(architecture) {
      origin = .embedded(embedded)
    } else {
      throw CatalogueError.noWeights(
        architecture: architecture.title, cache: cache.folder.path(percentEncoded: false),
        fetch: KnownWeights.of(architecture).first?.name)
    }
    guard
      let network = try Self.network(
        architecture, origin, inputSize: inputSize.map { Size2D($0) }, keepsTop: keepsTop),
      let preprocessing = preprocessing ?? network.preprocessing
    else {
      throw ImportError.noPreprocessing(file: weights?.lastPathComponent ?? name, known: Preprocessing.names)
    }
    self.architecture = architecture
    self.origin = origin
    graph = network.graph
    parameters = network.parameters
    self.preprocessing = preprocessing
    report = network.report
    known = network.known
  }

  /// Reads a network's numbers from where they are said to lie; nil where they lie nowhere.
  static func network(
    _ architecture: Architecture, _ origin: Origin, inputSize: Size2D?, keepsTop: Bool = false
  ) throws -> ImportedNetwork? {
    switch origin {
    case .file(let url): try ImportedNetwork(architecture, weights: url, inputSize: inputSize, keepsTop: keepsTop)
    case .embedded(let embedded): try ImportedNetwork(architecture, embedded: embedded, inputSize: inputSize)
    case .random: nil
    }
  }

  /// A backbone of fresh random numbers, to be trained from the ground up.
  public init(
    untrained name: String, inputSize: Int? = nil, preprocessing: Preprocessing = .tensorFlow, seed: UInt64
  ) throws {
    architecture = try Architecture.named(name)
    origin = .random
    graph = try architecture.graph(inputSize: inputSize.map { Size2D($0) })
    parameters = .initialized(graph.parameters, seed: seed)
    self.preprocessing = preprocessing
    report = LoadReport()
    known = nil
  }

  /// The file that the numbers came from; nil where they came from none.
  public var weights: URL? {
    if case .file(let url) = origin { url } else { nil }
  }

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
    let head = ClassifierHead(classes: classes.count, pooling: pooling, dropout: dropout)
    let full = try graph.attaching(head)
    let added = full.nodes.filter { graph[$0.name] == nil }
    var all = parameters
    all.merge(.initialized(added.flatMap(\.parameters), seed: seed))
    return TrainedModel(
      graph: full, parameters: all, classes: classes, head: Set(added.map(\.name)), view: evaluationView(resize),
      preprocessing: preprocessing)
  }
}
