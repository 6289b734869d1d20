import Foundation
import GraftGraph
import GraftImport
import GraftTensors

extension FuzzTarget {
  /// The network in Graft's own files.
  static let graph = FuzzTarget(name: "graph", isJSON: true) { bytes in
    let graph: LayerGraph
    do {
      graph = try JSONDecoder().decode(LayerGraph.self, from: Data(bytes))
    } catch is DecodingError {
      // As `ImportedNetwork` words it.
      throw ImportError.unreadableGraph(file: "input", reason: "it is no JSON of a graph")
    }
    precondition(graph.parameterCount >= 0)
    _ = try? graph.withoutClassifier()
    _ = try? graph.resized(to: [3, 32, 48])
    // What was read is the same after writing.
    let written = try JSONEncoder().encode(graph)
    let again = try JSONDecoder().decode(LayerGraph.self, from: written)
    precondition(again.nodes.map(\.shape) == graph.nodes.map(\.shape) && again.outputs == graph.outputs)
  }
}
