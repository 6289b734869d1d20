import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// Layers of which some parameters train and others hold still.
@Suite struct PartlyTrainedLayerTests {
  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 9, 9], name: "image")
    try graph.add(Conv2D("conv", filters: 20, kernel: 3, activation: .relu))
    try graph.add(DepthwiseConv2D("depthwise", kernel: 3))
    try graph.add(BatchNormalization("bn"))
    try graph.add(SeparableConv2D("separable", filters: 10, kernel: 3))
    try graph.add(GlobalAveragePooling2D("average"))
    try graph.add(Dense("hidden", units: 6, activation: .tanh))
    try graph.add(Dense("dense", units: 2))
    return graph
  }

  /// Gradients of one step on fixed images, and what trained after it.
  @EngineActor
  private static func step(
    _ plan: FreezePlan, _ precision: Precision = .float32
  ) throws -> (gradients: [String: [Float]], trained: [String: [Float]]) {
    let graph = try network()
    var generator = SeededGenerator(seed: 3)
    let images = Tensor((0..<3 * 243).map { _ in 3 * generator.nextUniform() - 1 }, shape: [3, 3, 9, 9])
    let program = try TrainingProgram(
      graph, parameters: .initialized(graph.parameters, seed: 1), plan: plan, batch: 3, precision: precision, seed: 0)
    _ = try program.forward(["image": images])
    try program.backward(Tensor([1, -1, 0.5, -2, 1, 3], shape: [3, 2]))
    return (
      try program.gradients().tensors.mapValues(\.floats), try program.trainedParameters().tensors.mapValues(\.floats)
    )
  }

  private static func plan(_ selector: String, _ batchNorm: BatchNormPolicy = .affine) throws -> FreezePlan {
    try FreezePlan(LayerSelector(parsing: selector), graph: network(), head: ["dense"], batchNorm: batchNorm)
  }

  @EngineActor
  @Test(
    arguments: [
      ("all&bias", ["conv/bias", "depthwise/bias", "bn/beta", "separable/bias", "hidden/bias"]),
      (
        "kernels",
        [
          "conv/kernel", "depthwise/depthwise_kernel", "separable/depthwise_kernel", "separable/pointwise_kernel",
          "hidden/kernel",
        ]
      ), ("norm", ["bn/gamma", "bn/beta"]),
    ])
  func `what trains of a layer has the gradient that it has when all of it trains`(
    selector: String, names: [String]
  ) async throws {
    let whole = try Self.step(Self.plan("all")).gradients
    let part = try Self.step(Self.plan(selector))
    #expect(Set(part.gradients.keys) == Set(names + ["dense/kernel", "dense/bias"]))
    #expect(Set(part.trained.keys) == Set(part.gradients.keys))
    for (name, gradient) in part.gradients {
      let expected = try #require(whole[name])
      let scale = expected.map { abs($0) }.max() ?? 0
      #expect(scale > 0)
      #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) <= 1e-5 * scale }, "\(name)")
    }
  }

  @EngineActor
  @Test func `re-estimated statistics move, γ and β do not, and gradients pass as through a layer that trains`()
    async throws
  {
    let whole = try Self.step(Self.plan("all", .train))
    let part = try Self.step(Self.plan("all", .reestimate))
    #expect(whole.gradients.keys.filter { part.gradients[$0] == nil }.sorted() == ["bn/beta", "bn/gamma"])
    for name in ["conv/kernel", "depthwise/bias"] {
      let (found, expected) = try (#require(part.gradients[name]), #require(whole.gradients[name]))
      let scale = expected.map { abs($0) }.max() ?? 0
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * scale }, "\(name)")
    }
    for name in ["bn/moving_mean", "bn/moving_variance"] { #expect(part.trained[name] == whole.trained[name]) }
    #expect(part.trained["bn/gamma"] == nil && part.trained["bn/beta"] == nil)
  }
}
