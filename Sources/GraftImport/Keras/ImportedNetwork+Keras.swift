import Foundation
import GraftFormats
import GraftGraph

extension ImportedNetwork {
  /// Loads a Keras model whose configuration stands in a file of its own: what `Model.to_json()` writes, beside weights.
  ///
  /// - Parameters:
  ///   - configuration: the JSON file.
  ///   - weights: an HDF5 file.
  ///   - inputSize: the size of the images; the configuration's own where nil.
  ///   - keepsTop: whether the network ends with its own classifier.
  /// - Throws: `FormatError` where a file cannot be read, `ImportError` where they make no network.
  public init(
    kerasConfiguration configuration: URL, weights url: URL, inputSize: Size2D? = nil, keepsTop: Bool = true
  ) throws {
    let text = try MappedFile(configuration)
    let whole = try Self.keras(
      KerasModelFile(contentsOf: url), configuration: String(decoding: text.bytes, as: UTF8.self), from: url,
      inputSize: inputSize)
    self = try (keepsTop ? whole : whole.withoutClassifier()).resized(to: inputSize, file: url.lastPathComponent)
  }

  /// A full-model file, or weights beside a configuration.
  static func keras(
    _ file: KerasModelFile, configuration: String? = nil, from url: URL, inputSize: Size2D?
  ) throws -> ImportedNetwork {
    let name = url.lastPathComponent
    guard let importer = KerasImporter(file, configuration: configuration, name: name, inputSize: inputSize) else {
      // Numbers alone; but they may be those of a network that is known.
      guard case .layers(let layers) = file.weights else { throw FormatError.kerasThreeWeights(path: url.relativePath) }
      let weights = KerasWeights(layers: layers, kerasVersion: file.kerasVersion, backend: file.backend)
      guard let architecture = weights.architecture() else { throw ImportError.noDescription(file: name) }
      return try ImportedNetwork(architecture, keras: weights, from: url, inputSize: inputSize, keepsTop: true)
    }
    let network = try importer.network()
    return ImportedNetwork(
      graph: network.graph, parameters: network.parameters, report: network.report,
      architecture: network.architecture, url: url,
      preprocessing: file.notes["graft.preprocessing"].flatMap { Preprocessing(json: $0) },
      labels: labels(json: file.notes["graft.labels"]), isChannelsLast: network.isChannelsLast)
  }
}
