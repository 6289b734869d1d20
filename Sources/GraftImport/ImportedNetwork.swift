import Foundation
import GraftArchitectures
import GraftCatalogue
import GraftFormats
import GraftGraph
import GraftTensors

/// A network with the numbers of a file, and what the file says of itself.
public struct ImportedNetwork: Sendable {
  public internal(set) var graph: LayerGraph
  public internal(set) var parameters: Parameters
  public internal(set) var report: LoadReport
  /// The network that is known by name, where it is one.
  public let architecture: Architecture?
  /// What the outputs of the whole network stand for, where the file says.
  public let labels: [String]?
  /// Finds out which published file this is; nil for numbers that come from no file.
  public let recognition: FileRecognition?
  /// What the file itself says must be done to images.
  private let statedPreprocessing: Preprocessing?
  /// Whether the file holds a classifier, used or not.
  public internal(set) var hasTop: Bool
  /// The order of feature maps in the framework that the file is of.
  public let isChannelsLast: Bool

  /// The published file that this is, by its hash.
  public var known: KnownWeights? { recognition?.known }

  /// What must be done to images; nil where neither the file nor the network's customs say.
  public var preprocessing: Preprocessing? {
    // The customary one is what all published files of the network agree on, so the hash need not be waited for.
    statedPreprocessing ?? (graph.rescalesItsInput ? .identity : nil)
      ?? architecture.flatMap(KnownWeights.customaryPreprocessing) ?? known?.preprocessing
  }

  /// Loads a weight file into an architecture.
  ///
  /// - Parameters:
  ///   - inputSize: the size of the images; the architecture's default where nil.
  ///   - keepsTop: whether the network ends with the file's own classifier, where the file has one.
  /// - Throws: `FormatError` where the file cannot be read, `ImportError` where it does not fit.
  public init(
    _ architecture: Architecture, weights url: URL, inputSize: Size2D? = nil, keepsTop: Bool = false
  ) throws {
    switch try FileSignature(contentsOf: url) {
    case .safetensors:
      let (file, name) = (try SafetensorsFile(contentsOf: url), url.lastPathComponent)
      if file.metadata["preprocessing"] == nil, StateDictionary.isOne(file.tensors.lazy.map(\.name)) {
        try self.init(
          architecture, state: StateDictionary(file, file: name), from: url, inputSize: inputSize, keepsTop: keepsTop)
      } else {
        try self.init(architecture, safetensors: file, name: name, inputSize: inputSize)
      }
    case .json where url.lastPathComponent.hasSuffix(SafetensorsFile.indexSuffix):
      let dictionary = StateDictionary(try SafetensorsFile(shardsOf: url), file: url.lastPathComponent)
      try self.init(architecture, state: dictionary, from: url, inputSize: inputSize, keepsTop: keepsTop)
    case .torchArchive, .pickle, .zip:
      let dictionary = StateDictionary(try TorchCheckpoint(contentsOf: url), file: url.lastPathComponent)
      try self.init(architecture, state: dictionary, from: url, inputSize: inputSize, keepsTop: keepsTop)
    case .onnx, .kerasArchive:
      throw ImportError.describesItself(file: url.lastPathComponent)
    default:
      // Whatever is no HDF5 file is refused there, by what it is.
      try self.init(
        architecture, keras: KerasWeights(contentsOf: url), from: url, inputSize: inputSize, keepsTop: keepsTop)
    }
  }

  /// What an importer makes of a file that describes its network.
  ///
  /// - Parameters:
  ///   - architecture: the named network that it is, if it is one.
  ///   - preprocessing: what the file itself says of it; else what is customary for the architecture is taken.
  init(
    graph: LayerGraph, parameters: Parameters, report: LoadReport, architecture: Architecture? = nil, url: URL,
    preprocessing: Preprocessing? = nil, labels: [String]? = nil, hasTop: Bool = true, isChannelsLast: Bool
  ) {
    self.graph = graph
    self.parameters = parameters
    self.report = report
    self.architecture = architecture
    self.isChannelsLast = isChannelsLast
    self.hasTop = hasTop
    self.labels = labels
    recognition = FileRecognition(of: url)
    statedPreprocessing = preprocessing
  }

  /// Takes the numbers that the program carries.
  ///
  /// - Throws: `ImportError` where they do not fit the architecture, `ArchitectureError` where the images are too small.
  public init(_ architecture: Architecture, embedded: EmbeddedWeights, inputSize: Size2D? = nil) throws {
    let file = try SafetensorsFile(bytes: embedded.bytes, owner: embedded, name: embedded.file)
    try self.init(architecture, safetensors: file, name: embedded.file, inputSize: inputSize)
  }

  /// - Parameter url: the file that the weights came from, to be recognised by its hash.
  init(
    _ architecture: Architecture, keras file: KerasWeights, from url: URL, inputSize: Size2D?, keepsTop: Bool
  ) throws {
    let name = url.lastPathComponent
    let match = try file.match(architecture, inputSize: inputSize, keepsTop: keepsTop, fileName: name)
    let (parameters, report) = try KerasBinder(
      file: file, fileName: name, graph: match.graph, unusedLayers: match.unusedLayers
    ).bind()
    graph = match.graph
    self.architecture = architecture
    self.parameters = parameters
    self.report = report
    recognition = FileRecognition(of: url)
    statedPreprocessing = nil
    labels = nil
    hasTop = match.hasTop
    isChannelsLast = true
  }

  /// Graft's own files: the backbone's parameters under their own names, in Graft's own layout.
  private init(
    _ architecture: Architecture, safetensors file: SafetensorsFile, name: String, inputSize: Size2D?
  ) throws {
    guard let preprocessing = file.preprocessing else {
      throw ImportError.notGraft(file: name, missing: "preprocessing")
    }
    let graph = try architecture.graph(inputSize: inputSize)
    let (parameters, report) = try file.bind(graph.parameters, fileName: name)
    self.graph = graph
    self.architecture = architecture
    self.parameters = parameters
    self.report = report
    recognition = nil
    statedPreprocessing = preprocessing
    labels = nil
    hasTop = false
    isChannelsLast = true
  }
}

extension LayerGraph {
  /// Whether the network begins by bringing pixels into its own range, and so takes 0…255 as they are.
  fileprivate var rescalesItsInput: Bool {
    guard let input = inputs.first else { return false }
    let first = nodes.filter { $0.inputs.contains(input.name) }
    return !first.isEmpty && first.allSatisfy { $0.layer is Rescaling || $0.layer is Normalization }
  }
}
