import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct AbsorbPaddingsTests {
  private static func graph(_ convolution: some Layer) throws -> LayerGraph {
    var graph = try LayerGraph(input: [16, 7, 6], name: "image")
    try graph.add(Conv2D("stem", filters: 16, kernel: 3))
    try graph.add(ZeroPadding2D("padding", top: 1, bottom: 2, left: 3, right: 0))
    try graph.add(convolution)
    return graph
  }

  private static func numbers(_ shape: Shape) -> Tensor {
    var generator = SeededGenerator(seed: 3)
    return Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape)
  }

  @EngineActor
  @Test(
    arguments: [
      Conv2D("conv", filters: 5, kernel: 3, strides: 2),
      Conv2D("conv", filters: 5, kernel: 3, padding: .all(1)),
      Conv2D("conv", filters: 5, kernel: 3, padding: .same),
      DepthwiseConv2D("conv", kernel: 3, strides: 2),
      SeparableConv2D("conv", filters: 5, kernel: 3),
    ] as [any Layer])
  func `a convolution gives the same with the padding as its own as with it apart`(layer: any Layer) async throws {
    let graph = try Self.graph(layer)
    // As an output of its own the padding stays.
    var apart = graph
    try apart.setOutputs(["padding", "conv"])
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let images = Self.numbers([2, 16, 7, 6])
    let together = try InferenceProgram(graph, parameters: parameters, batch: 2)
    let separately = try InferenceProgram(apart, parameters: parameters, batch: 2)
    let expected = try #require(try separately.run(["image": images])["conv"])
    expectClose(try together.run(images), expected, within: 1e-6, "\(layer)")
    let isAbsorbed = (layer as? Conv2D)?.window.padding != .same
    #expect((together.reorderCount < separately.reorderCount) == isAbsorbed)
  }

  @EngineActor
  @Test func `gradients are the same with the padding as the convolution's own as with it apart`() async throws {
    func gradients(isApart: Bool) throws -> Parameters {
      var graph = try Self.graph(Conv2D("conv", filters: 5, kernel: 3, strides: 2))
      if isApart {
        // What two nodes read stays; the second adds nothing.
        try graph.add(Conv2D("other", filters: 5, kernel: 3, strides: 2), after: ["padding"])
        let nothing = try graph.add(Rescaling("nothing", scale: 0))
        try graph.add(Add("sum"), after: ["conv", nothing])
      }
      try graph.add(Activation("tanh", .tanh))
      let parameters = Parameters.initialized(graph.parameters, seed: 1)
      let plan = FreezePlan(trainableLayers: ["stem", "conv"])
      let program = try TrainingProgram(graph, parameters: parameters, plan: plan, batch: 2, seed: 0)
      let output = try program.forward(["image": Self.numbers([2, 16, 7, 6])])
      try program.backward(Self.numbers(output.shape))
      return try program.gradients()
    }
    let (together, apart) = try (gradients(isApart: false), gradients(isApart: true))
    for name in ["stem/kernel", "stem/bias", "conv/kernel", "conv/bias"] {
      expectClose(try #require(together[name]), try #require(apart[name]), within: 1e-5, "\(name)")
    }
  }

  @EngineActor
  @Test func `a pooling's padding stays apart, because zeros may win`() async throws {
    var graph = try LayerGraph(input: [1, 1, 1], name: "image")
    try graph.add(ZeroPadding2D("padding", top: 1, bottom: 1, left: 1, right: 1))
    try graph.add(MaxPooling2D("pool", size: 3))
    let program = try InferenceProgram(graph, parameters: Parameters(), batch: 1)
    #expect(try program.run(Tensor([-1], shape: [1, 1, 1, 1])).floats == [0])
  }
}
