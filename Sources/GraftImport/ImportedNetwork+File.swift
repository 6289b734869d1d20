import Foundation
import GraftArchitectures
import GraftCatalogue
import GraftFormats
import GraftGraph

extension ImportedNetwork {
  /// Loads a network from a file that describes it: layers and numbers.
  ///
  /// - Parameters:
  ///   - inputSize: the size of the images; the file's own where nil.
  ///   - keepsTop: whether the network ends with the file's own classifier, where the file has one.
  /// - Throws: `FormatError` where the file cannot be read, `ImportError` where it describes no network that a graph can
  ///   express, or none at all: then its architecture must be named.
  public init(contentsOf url: URL, inputSize: Size2D? = nil, keepsTop: Bool = false) throws {
    guard let contents = try FileContents(url) else { throw ImportError.noDescription(file: url.lastPathComponent) }
    let whole = try Self.whole(contents, from: url, inputSize: inputSize)
    // The classifier may be for the file's own size alone, and what precedes it for any.
    self = try (keepsTop ? whole : whole.withoutClassifier()).resized(to: inputSize, file: url.lastPathComponent)
  }

  /// The network as the file has it, classifier and all.
  ///
  /// - Parameter url: the file that was read.
  static func whole(_ contents: FileContents, from url: URL, inputSize: Size2D? = nil) throws -> ImportedNetwork {
    switch contents {
    case .hdf5(let tree): try keras(KerasModelFile(tree), from: url, inputSize: inputSize)
    case .kerasArchive(let file): try keras(file, from: url, inputSize: inputSize)
    case .onnx(let model): try onnx(model, from: url, inputSize: inputSize)
    case .torch(let checkpoint):
      try torch(StateDictionary(checkpoint, file: url.lastPathComponent), from: url, inputSize: inputSize)
    case .safetensors(let file): try safetensors(file, from: url, inputSize: inputSize)
    }
  }

  private static func onnx(_ model: ONNXModel, from url: URL, inputSize: Size2D?) throws -> ImportedNetwork {
    let network = try ONNXImporter(model, name: url.lastPathComponent, inputSize: inputSize).network()
    return ImportedNetwork(
      graph: network.graph, parameters: network.parameters, report: network.report, url: url,
      preprocessing: model.metadata["graft.preprocessing"].flatMap { Preprocessing(json: $0) },
      labels: labels(json: model.metadata["graft.labels"]),
      isChannelsLast: network.isChannelsLast)
  }

  /// PyTorch's names are a network's, where it is one that is known.
  private static func safetensors(
    _ file: SafetensorsFile, from url: URL, inputSize: Size2D?
  ) throws -> ImportedNetwork {
    if let description = file.metadata["graft.graph"] {
      return try ImportedNetwork(file, describedBy: description, from: url, inputSize: inputSize)
    }
    guard StateDictionary.isOne(file.tensors.lazy.map(\.name)) else {
      throw ImportError.noDescription(file: url.lastPathComponent)
    }
    return try torch(StateDictionary(file, file: url.lastPathComponent), from: url, inputSize: inputSize)
  }

  /// Names of classes as Graft writes them into files.
  static func labels(json: String?) -> [String]? {
    json.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
  }

  func withoutClassifier() throws -> ImportedNetwork {
    var network = self
    network.graph = try graph.withoutClassifier()
    let kept = Set(network.graph.parameters.map(\.name))
    let unused = report.bound.filter { !kept.contains($0.parameter) }
    network.report.bound.removeAll { !kept.contains($0.parameter) }
    network.report.unused += unused.map(\.source)
    for binding in unused { network.parameters[binding.parameter] = nil }
    network.hasTop = network.graph.nodes.count < graph.nodes.count
    return network
  }
}
