import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct FoldNormalizationsTests {
  private static func numbers(_ shape: Shape, seed: UInt64 = 3) -> Tensor {
    var generator = SeededGenerator(seed: seed)
    return Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape)
  }

  /// Parameters none of which is what it is at first: statistics, scales and shifts too.
  private static func parameters(_ graph: LayerGraph) -> Parameters {
    var parameters = Parameters.initialized(graph.parameters, seed: 1)
    for (seed, specification) in graph.parameters.enumerated() where !specification.role.isKernel {
      let drawn = numbers(specification.shape, seed: UInt64(seed + 10))
      let isPositive = specification.role == .movingVariance
      parameters[specification.name] = Tensor(
        drawn.floats.map { isPositive ? abs($0) + 0.1 : $0 }, shape: specification.shape)
    }
    return parameters
  }

  private static func graph(_ layer: some Layer, _ normalization: BatchNormalization) throws -> LayerGraph {
    var graph = try LayerGraph(input: [16, 7, 6], name: "image")
    try graph.add(layer)
    try graph.add(normalization)
    try graph.add(Activation("relu", .relu))
    return graph
  }

  @EngineActor
  @Test(
    arguments: [
      Conv2D("conv", filters: 5, kernel: 3), Conv2D("conv", filters: 32, kernel: 1, usesBias: false),
      Conv2D("conv", filters: 8, kernel: 3, groups: 4), DepthwiseConv2D("conv", kernel: 3, multiplier: 2),
      SeparableConv2D("conv", filters: 7, kernel: 3, usesBias: false),
    ] as [any Layer],
    [
      BatchNormalization("bn"), BatchNormalization("bn", epsilon: 0.1, usesScale: false),
      BatchNormalization("bn", usesShift: false),
    ])
  func `a convolution gives the same with its normalisation folded in as with it apart`(
    layer: any Layer, normalization: BatchNormalization
  ) async throws {
    let graph = try Self.graph(layer, normalization)
    // As an output of its own the convolution stays as it is.
    var apart = graph
    try apart.setOutputs(["conv", "relu"])
    let parameters = Self.parameters(graph)
    let images = Self.numbers([2, 16, 7, 6])
    let folded = try InferenceProgram(graph, parameters: parameters, batch: 2)
    let separate = try InferenceProgram(apart, parameters: parameters, batch: 2)
    let expected = try #require(try separate.run(["image": images])["relu"])
    expectClose(try folded.run(images), expected, within: 1e-5, "\(layer)")
    #expect(folded.stepCount < separate.stepCount)
  }

  @EngineActor
  @Test func `a dense layer takes its normalisation in as well`() async throws {
    var graph = try LayerGraph(input: [12], name: "features")
    try graph.add(Dense("dense", units: 6))
    try graph.add(BatchNormalization("bn"))
    var apart = graph
    try apart.setOutputs(["dense", "bn"])
    let parameters = Self.parameters(graph)
    let features = Self.numbers([2, 12])
    let expected = try InferenceProgram(apart, parameters: parameters, batch: 2).run(["features": features])
    let found = try InferenceProgram(graph, parameters: parameters, batch: 2).run(features)
    expectClose(found, try #require(expected["bn"]), within: 1e-5, "dense")
  }

  @EngineActor
  @Test(arguments: ["conv/kernel", "conv/bias", "bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance"])
  func `a new number is folded in like the first`(name: String) async throws {
    let graph = try Self.graph(Conv2D("conv", filters: 5, kernel: 3), BatchNormalization("bn"))
    var parameters = Self.parameters(graph)
    let images = Self.numbers([1, 16, 7, 6])
    let program = try InferenceProgram(graph, parameters: parameters, batch: 1)
    let before = try program.run(images).floats
    let old = try #require(parameters[name])
    parameters[name] = Tensor(old.floats.map { $0 * 1.5 + 0.25 }, shape: old.shape)
    var changed = Parameters()
    changed[name] = parameters[name]
    try program.load(changed)
    let after = try program.run(images)
    #expect(after.floats != before)
    expectClose(
      after, try InferenceProgram(graph, parameters: parameters, batch: 1).run(images), within: 1e-6, name)
  }

  @EngineActor
  @Test func `a layer with two normalisations after it, or two uses, stays as it is`() async throws {
    var branching = try LayerGraph(input: [16, 7, 6], name: "image")
    try branching.add(Conv2D("conv", filters: 16, kernel: 1))
    try branching.add(BatchNormalization("left"), after: ["conv"])
    try branching.add(BatchNormalization("right"), after: ["conv"])
    try branching.add(Add("sum"), after: ["left", "right"])
    var shared = try LayerGraph(input: [16, 7, 6], name: "image")
    try shared.add(Conv2D("conv", filters: 16, kernel: 1), as: "first")
    try shared.add(BatchNormalization("left"))
    try shared.add(Conv2D("conv", filters: 16, kernel: 1), after: ["left"], as: "second")
    try shared.add(BatchNormalization("right"))
    for graph in [branching, shared] {
      let parameters = Self.parameters(graph)
      let images = Self.numbers([1, 16, 7, 6])
      var apart = graph
      try apart.setOutputs(graph.nodes.filter { $0.layer is Conv2D }.map(\.name) + graph.outputs)
      let expected = try InferenceProgram(apart, parameters: parameters, batch: 1).run(["image": images])
      let found = try InferenceProgram(graph, parameters: parameters, batch: 1).run(images)
      expectClose(found, try #require(expected[graph.outputs[0]]), within: 1e-6, graph.outputs[0])
    }
  }

  @EngineActor
  @Test func `a missing statistic is named`() async throws {
    let graph = try Self.graph(Conv2D("conv", filters: 5, kernel: 3), BatchNormalization("bn"))
    var parameters = Self.parameters(graph)
    parameters["bn/moving_mean"] = nil
    #expect(throws: EngineError.missingParameter(name: "bn/moving_mean", shape: [5])) {
      try InferenceProgram(graph, parameters: parameters, batch: 1)
    }
  }
}
