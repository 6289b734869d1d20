import GraftEngine
import GraftGraph
import GraftTensors

/// What precedes the frontier, compiled when the first image needs it: where all are remembered, none does.
@EngineActor
final class FrozenPrefix {
  nonisolated let graph: LayerGraph
  private let parameters: Parameters
  private let precision: Precision
  private lazy var program = Result {
    try InferenceProgram(graph, parameters: parameters, batch: InferenceProgram.preferredBatch, precision: precision)
  }

  init(_ graph: LayerGraph, parameters: Parameters, precision: Precision) {
    self.graph = graph
    self.parameters = parameters
    self.precision = precision
  }

  /// The activations of any number of images, by the frontier's names.
  func activations(of images: Tensor) throws -> [String: Tensor] {
    let program = try program.get()
    guard let input = graph.inputs.first else { return [:] }
    return try program.runAll([input.name: images])
  }
}
