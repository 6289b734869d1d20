import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct FuseActivationsTests {
  private static let functions: [Activation.Function] = [
    .relu, .relu6, .leakyReLU(slope: 0.1), .elu(alpha: 0.5), .selu, .gelu(approximate: false),
    .gelu(approximate: true), .sigmoid, .hardSigmoid(), .tanh, .softplus, .softsign, .swish, .hardSwish, .exponential,
    .clip(min: -0.25, max: 0.75), .mish, .logSigmoid, .celu(alpha: 0.5), .hardShrink(), .softShrink(), .tanhShrink,
    .absolute, .square, .power(exponent: 2), .softmax,
  ]

  private static func numbers(_ shape: Shape) -> Tensor {
    var generator = SeededGenerator(seed: 3)
    return Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape)
  }

  /// The layer under test, an activation after it, and what reads that, so that its gradient is no plain one.
  private static func graph(_ layer: some Layer, _ function: Activation.Function, input: Shape) throws -> LayerGraph {
    var graph = try LayerGraph(input: input, name: "input")
    try graph.add(layer)
    try graph.add(Activation("activation", function))
    try graph.add(Rescaling("after", scale: 0.5))
    return graph
  }

  @EngineActor
  @Test(arguments: functions)
  func `a function gives the same within a layer as apart from it`(function: Activation.Function) async throws {
    let layers: [(any Layer, Shape)] = [
      (Conv2D("layer", filters: 16, kernel: 3), [5, 6, 5]), (Conv2D("layer", filters: 5, kernel: 1), [3, 3, 2]),
      (DepthwiseConv2D("layer", kernel: 3), [16, 4, 4]), (Dense("layer", units: 7), [9]),
    ]
    for (layer, input) in layers {
      let graph = try Self.graph(layer, function, input: input)
      // As an output of its own the layer stays apart.
      var apart = graph
      try apart.setOutputs(["layer", "after"])
      let parameters = Parameters.initialized(graph.parameters, seed: 1)
      let images = Self.numbers(input.batched(2))
      let found = try InferenceProgram(graph, parameters: parameters, batch: 2).run(images)
      let expected = try InferenceProgram(apart, parameters: parameters, batch: 2).run(["input": images])
      expectClose(found, try #require(expected["after"]), within: 2e-6, "\(layer) \(function)")
    }
  }

  /// One image, or rows of numbers; which statistics; how many terms of a sum.
  private enum Rectified: CaseIterable {
    case movingStatistics, batchStatistics, rows, sum, sumOfThree, sumWithOneNumber
  }

  @EngineActor
  @Test(arguments: Rectified.allCases)
  private func `a ReLU gives the same within a normalisation or sum as apart, backward too`(
    _ rectified: Rectified
  ) async throws {
    var graph = try LayerGraph(input: rectified == .rows ? [16] : [16, 5, 4], name: "input")
    let before: any Layer = rectified == .rows ? Dense("before", units: 16) : Conv2D("before", filters: 16, kernel: 1)
    let stem = try graph.add(before)
    var terms = [stem, "input"]
    switch rectified {
    case .movingStatistics, .batchStatistics, .rows: try graph.add(BatchNormalization("layer"))
    case .sumOfThree:
      terms.append(try graph.add(Conv2D("third", filters: 16, kernel: 1), after: [stem]))
      try graph.add(Add("layer"), after: terms)
    case .sumWithOneNumber:
      terms[1] = try graph.add(GlobalAveragePooling2D("mean", keepsDimensions: true), after: [stem])
      try graph.add(Add("layer"), after: terms)
    case .sum: try graph.add(Add("layer"), after: terms)
    }
    try graph.add(Activation("relu", .relu))
    try graph.add(Rescaling("after", scale: 0.5))
    // A leaky ReLU of so small a slope is a ReLU, but stays apart.
    var apart = LayerGraph()
    for node in graph.nodes {
      let layer: any Layer = node.name == "relu" ? Activation("relu", .leakyReLU(slope: 1e-30)) : node.layer
      try apart.add(layer, after: node.inputs, as: node.name)
    }
    let plan = FreezePlan(
      trainableLayers: ["before", "layer", "third"],
      batchNormModes: rectified == .batchStatistics ? ["layer": .batchStatistics] : [:])
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let images = Self.numbers(graph.inputs[0].shape.batched(3))
    let gradient = Self.numbers((try #require(graph.output)).shape.batched(3)).scalingRows(by: [1, -0.5, 2])
    func trained(_ graph: LayerGraph) throws -> (output: Tensor, gradients: Parameters, steps: Int) {
      let program = try TrainingProgram(graph, parameters: parameters, plan: plan, batch: 3, seed: 0)
      let output = try program.forward(["input": images])
      try program.backward(gradient)
      return (output, try program.gradients(), program.stepCount)
    }
    let (fused, separate) = (try trained(graph), try trained(apart))
    expectClose(fused.output, separate.output, within: 1e-6, "\(rectified)")
    #expect(fused.output.floats.contains(0) && fused.output.floats.contains { $0 > 0.1 })
    #expect(!separate.gradients.tensors.isEmpty)
    for (name, expected) in separate.gradients.tensors {
      expectClose(try #require(fused.gradients[name]), expected, within: 1e-5, "\(rectified) \(name)")
    }
    #expect(fused.steps < separate.steps)
  }

  /// Read twice, the layer's own output must be there, and both gradients must reach it.
  @Test(arguments: [Activation.Function.tanh, .mish, .swish, .tanhShrink])
  func `a layer that feeds its activation and another stays apart`(function: Activation.Function) async throws {
    var graph = try LayerGraph(input: [3, 5, 5], name: "image")
    let conv = try graph.add(Conv2D("conv", filters: 4, kernel: 3))
    let first = try graph.add(Activation("first", function))
    let second = try graph.add(Activation("second", .sigmoid), after: [conv])
    try graph.add(Concatenate("joined"), after: [conv, first, second])
    try graph.add(Flatten("flat", order: .channelsFirst))
    try graph.add(Dense("dense", units: 2))
    try await checkGradients(of: graph)
  }

  @Test func `a padding that three nodes read stays apart, and a shared layer's activation is that node's alone`()
    async throws
  {
    var graph = try LayerGraph(input: [3, 5, 5], name: "image")
    let padded = try graph.add(ZeroPadding2D("padded", top: 1, bottom: 1, left: 0, right: 2))
    let shared = Conv2D("shared", filters: 4, kernel: 3)
    try graph.add(shared, after: [padded], as: "fused")
    let first = try graph.add(Activation("first", .sigmoid))
    let second = try graph.add(shared, after: [padded], as: "second")
    let third = try graph.add(Conv2D("third", filters: 4, kernel: 3), after: [padded])
    try graph.add(Add("sum"), after: [first, second, third])
    try graph.add(Multiply("product"), after: ["sum", third])
    try await checkGradients(of: graph)
  }
}
