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
    let whole = try Self.whole(url, inputSize: inputSize)
    self = keepsTop ? whole : try whole.withoutClassifier()
  }

  /// The network as the file has it, classifier and all.
  private static func whole(_ url: URL, inputSize: Size2D?) throws -> ImportedNetwork {
    switch try FileSignature(contentsOf: url) {
    case .hdf5, .kerasArchive: try keras(url, inputSize: inputSize)
    case .onnx: try onnx(url, inputSize: inputSize)
    case .torchArchive, .pickle: try torch(url, inputSize: inputSize)
    // An archive that was packed anew may begin with any of its entries.
    case .zip where try ZipArchive(MappedFile(url)).entries.contains(where: { $0.name == "config.json" }):
      try keras(url, inputSize: inputSize)
    case .zip: try torch(url, inputSize: inputSize)
    case .safetensors: try safetensors(url, inputSize: inputSize)
    default: throw ImportError.noDescription(file: url.lastPathComponent)
    }
  }

  private static func onnx(_ url: URL, inputSize: Size2D?) throws -> ImportedNetwork {
    let model = try ONNXModel(contentsOf: url)
    let network = try ONNXImporter(model, name: url.lastPathComponent, inputSize: inputSize).network()
    return ImportedNetwork(
      graph: network.graph, parameters: network.parameters, report: network.report, url: url,
      preprocessing: model.metadata["graft.preprocessing"].flatMap { Preprocessing(json: $0) },
      labels: labels(json: model.metadata["graft.labels"]),
      isChannelsLast: network.isChannelsLast)
  }

  private static func torch(_ url: URL, inputSize: Size2D?) throws -> ImportedNetwork {
    let dictionary = StateDictionary(try TorchCheckpoint(contentsOf: url), file: url.lastPathComponent)
    return try torch(dictionary, from: url, inputSize: inputSize)
  }

  /// PyTorch's names are a network's, where it is one that is known.
  private static func safetensors(_ url: URL, inputSize: Size2D?) throws -> ImportedNetwork {
    let file = try SafetensorsFile(contentsOf: url)
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
