import GraftFormats
import GraftGraph
import GraftTensors

@testable import GraftImport

extension FuzzTarget {
  /// A configuration without any weights, with all that it wants, and with all but a few.
  static let keras = FuzzTarget(name: "keras", isJSON: true) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    // Half of the files are Theano's, whose kernels are turned.
    var importer = KerasImporter(
      configuration: text, weights: .layers([]), name: "input", backend: bytes.count % 2 == 0 ? nil : "theano")
    let wanted: [KerasWeights.Layer]
    do {
      let network = try importer.network()
      use(network.graph, network.parameters)
      return
    } catch {
      guard let layers = wantedWeights(importer) else { throw error }
      wanted = layers
    }
    importer.weights = .layers(Array(wanted.dropLast()))
    _ = try? importer.network()
    importer.weights = .layers(
      wanted.map { KerasWeights.Layer(name: $0.name, weights: Array($0.weights.dropFirst())) })
    _ = try? importer.network()
    importer.weights = .layers(wanted)
    let network = try importer.network()
    use(network.graph, network.parameters)
  }

  /// Weights of the shapes that the configuration asks for; nil where it makes no network, or one too large to be made up.
  private static func wantedWeights(_ importer: KerasImporter) -> [KerasWeights.Layer]? {
    guard let configuration = try? KerasConfiguration(parsing: importer.configuration),
      let layout = configuration.model.layout
    else { return nil }
    let model = configuration.model
    var builder = KerasGraphBuilder(
      writer: KerasGraphWriter(
        layout: layout, generation: configuration.generation, ranOnTheano: importer.backend == "theano",
        names: KerasNames(of: model)), inputSize: nil)
    builder.build(model)
    guard builder.problems.isEmpty else { return nil }
    let layers = model.weightedLayers(builder.writer.slots).map { layer in
      KerasWeights.Layer(
        name: layer.name,
        weights: layer.slots.map {
          ("\(layer.name)/\($0.fileNames[0]):0", Tensor(repeating: 1, shape: $0.fileShape ?? []))
        })
    }
    let count = layers.flatMap(\.weights).map(\.tensor.shape.count).reduce(0) { min($0 + $1, 1 << 40) }
    return count <= 1 << 18 ? layers : nil
  }
}
