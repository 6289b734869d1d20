import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct ReductionTests {
  @EngineActor
  @Test(arguments: [[1, 2], [0]], [Reduction.Operation.max, .min])
  func `of several equal extremes the first has the gradient`(
    axes: [Int], operation: Reduction.Operation
  ) async throws {
    var graph = try LayerGraph(input: axes == [0] ? [6, 1, 1] : [1, 2, 3], name: "image")
    try graph.add(Reduction("extreme", operation, axes: axes, keepsDimensions: false))
    let program = try TrainingProgram(
      graph, parameters: Parameters(), plan: FreezePlan(trainableLayers: []), batch: 1, seed: 0,
      differentiatesInputs: true)
    let sign: Float = operation == .max ? 1 : -1
    let image = Tensor([1, 4, 2, 4, 4, 3].map { sign * $0 }, shape: try graph.node("image").shape.batched(1))
    let extreme = try program.forward(["image": image])
    #expect(extreme.floats == [4 * sign])
    try program.backward(Tensor([5], shape: extreme.shape))
    #expect(try program.inputGradient("image")?.floats == [0, 5, 0, 0, 0, 0])
  }
}
