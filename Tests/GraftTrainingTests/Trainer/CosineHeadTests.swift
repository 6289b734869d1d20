import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

/// Heads whose scores are angles.
@Suite struct CosineHeadTests {
  private static func model(scale: Float = 10) throws -> TrainedModel {
    var model = try ToyTask.model()
    let backbone = try LayerGraph(input: [3, 8, 8]).adding {
      try $0.add(Conv2D("conv1", filters: 6, kernel: 3, activation: .relu))
      try $0.add(Conv2D("conv2", filters: 6, kernel: 3, activation: .relu))
    }
    model.graph = try backbone.attaching(Head(classes: 2, kind: .cosine(scale: scale)))
    model.parameters = .initialized(model.graph.parameters, seed: 2)
    model.head = Set(model.graph.nodes.map(\.name).filter { backbone[$0] == nil })
    return model
  }

  @Test(arguments: [LayerSelector.head, .all])
  func `they learn to tell two colours apart`(unfreeze: LayerSelector) async throws {
    let task = try ToyTask()
    let result = try await task.trainer(
      unfreeze, ToyTask.configuration(epochs: 12, learningRate: 0.05), model: Self.model()
    ).run()
    #expect(result.best.valAccuracy == 1)
    let last = try #require(result.history.last)
    #expect(last.loss < 0.7 * result.history[0].loss)
  }

  @Test func `how long weights are changes no prediction`() async throws {
    let task = try ToyTask()
    var model = try Self.model()
    let before = try await model.predict(task.validation).predictions
    let kernel = try #require(model.parameters["head_dense/kernel"])
    // Rows by powers of two: not a bit of the directions changes.
    model.parameters["head_dense/kernel"] = Tensor(
      kernel.floats.enumerated().map { $1 * ($0 < 6 ? 8 : 0.25) }, shape: kernel.shape)
    let after = try await model.predict(task.validation).predictions
    #expect(before.map(\.probabilities) == after.map(\.probabilities))
  }
}

extension LayerGraph {
  fileprivate func adding(_ build: (inout LayerGraph) throws -> Void) throws -> LayerGraph {
    var graph = self
    try build(&graph)
    return graph
  }
}
