import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// What goes into a program and what comes out, whatever the graph's ends are.
@Suite struct InputsAndOutputsTests {
  private static func numbers(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { Float($0) }, shape: shape)
  }

  @EngineActor
  @Test(
    arguments: [[5], [1, 4], [3, 4], [1, 3, 4], [16, 3, 4], [4, 1, 1], [2, 3, 2, 4], [2, 1, 2, 3, 2]] as [Shape])
  func `images of every rank go in and come out as they are`(shape: Shape) async throws {
    var graph = try LayerGraph(input: shape, name: "image")
    try graph.add(Rescaling("doubled", scale: 2))
    try graph.add(Activation("positive", .relu))
    try graph.setOutputs(["image", "doubled", "positive"])
    let program = try InferenceProgram(graph, parameters: Parameters(), batch: 3)
    let images = Self.numbers(shape.batched(2))
    let results = try program.run(["image": images])
    #expect(results["image"]?.shape == images.shape)
    #expect(results["image"]?.floats == images.floats)
    #expect(results["doubled"]?.floats == images.floats.map { 2 * $0 })
    #expect(results["positive"]?.floats == images.floats.map { 2 * $0 })
  }

  @EngineActor
  @Test func `several inputs of several ranks feed one network of several outputs`() async throws {
    var graph = LayerGraph()
    try graph.add(InputLayer("map", shape: [2, 1, 3]))
    try graph.add(InputLayer("vector", shape: [2]))
    try graph.add(InputLayer("unused", shape: [1, 2, 2, 1]))
    try graph.add(Multiply("product"), after: ["map", "vector"])
    try graph.add(Reduction("sum", .sum, axes: [1, 2], keepsDimensions: false))
    try graph.setOutputs(["sum", "product", "vector"])
    let program = try InferenceProgram(graph, parameters: Parameters(), batch: 2)
    let inputs = [
      "map": Self.numbers([1, 2, 1, 3]), "vector": Tensor([2, -1], shape: [1, 2]),
      "unused": Self.numbers([1, 1, 2, 2, 1]),
    ]
    let results = try program.run(inputs)
    #expect(results["product"]?.floats == [0, 2, 4, -3, -4, -5])
    #expect(results["sum"]?.floats == [6, -12])
    #expect(results["vector"]?.floats == [2, -1])
    #expect(results["product"]?.shape == [1, 2, 1, 3])
  }

  @EngineActor
  @Test func `inputs with different numbers of images are refused in words`() async throws {
    var graph = LayerGraph()
    try graph.add(InputLayer("left", shape: [1]))
    try graph.add(InputLayer("right", shape: [1]))
    try graph.add(Add("sum"), after: ["left", "right"])
    let program = try InferenceProgram(graph, parameters: Parameters(), batch: 2)
    let inputs = ["left": Tensor(zeros: [2, 1]), "right": Tensor(zeros: [1, 1])]
    for run in [program.run, program.runAll] as [([String: Tensor]) throws -> [String: Tensor]] {
      let error = #expect(throws: EngineError.self) { try run(inputs) }
      #expect(
        error?.description == "the inputs “left” and “right” were given 2 and 1 images; give as many to each")
    }
    let long = ["left": Tensor(zeros: [5, 1]), "right": Tensor(zeros: [4, 1])]
    #expect(throws: EngineError.tooManyImages(limit: 2, found: 5)) { try program.runAll(long) }
  }

  @EngineActor
  @Test func `a constant is the same for every image, and may be an output`() async throws {
    var graph = try LayerGraph(input: [2, 1, 2], name: "image")
    try graph.add(Constant("means", shape: [2, 1, 1]))
    try graph.add(Subtract("centred"), after: ["image", "means"])
    try graph.setOutputs(["means", "centred"])
    let means = Tensor([1, 10], shape: [2, 1, 1])
    let program = try InferenceProgram(graph, parameters: Parameters(["means/value": means]), batch: 3)
    let results = try program.run(["image": Self.numbers([2, 2, 1, 2])])
    #expect(results["means"]?.shape == [2, 2, 1, 1])
    #expect(results["means"]?.floats == [1, 10, 1, 10])
    #expect(results["centred"]?.floats == [-1, 0, -8, -7, 3, 4, -4, -3])
    try program.load(Parameters(["means/value": Tensor([2, 3], shape: [2, 1, 1])]))
    #expect(try program.run(["image": Self.numbers([1, 2, 1, 2])])["centred"]?.floats == [-2, -1, -1, 0])
  }

  @EngineActor
  @Test func `a constant's layout is that of the image beside it`() async throws {
    var graph = try LayerGraph(input: [3, 2, 4], name: "image")
    try graph.add(Constant("positions", shape: [3, 2, 4]))
    try graph.add(Add("sum"), after: ["image", "positions"])
    let positions = Self.numbers([3, 2, 4])
    let program = try InferenceProgram(graph, parameters: Parameters(["positions/value": positions]), batch: 2)
    let sum = try program.run(Self.numbers([2, 3, 2, 4])).floats
    #expect(sum == (0..<48).map { Float($0 + $0 % 24) })
  }

  @EngineActor
  @Test func `a network without inputs runs on as many images as it was compiled for`() async throws {
    var graph = LayerGraph()
    try graph.add(Constant("value", shape: [2]))
    try graph.add(Activation("positive", .relu))
    let parameters = Parameters(["value/value": Tensor([-1, 3], shape: [2])])
    let program = try InferenceProgram(graph, parameters: parameters, batch: 2)
    #expect(try program.run([:])["positive"]?.floats == [0, 3, 0, 3])
  }

  @EngineActor
  @Test func `the images that a batch lacks give no gradient, though an image of zeros would have none`() async throws {
    var graph = try LayerGraph(input: [3, 2, 2], name: "image")
    try graph.add(Conv2D("conv", filters: 4, kernel: 1, usesBias: false))
    try graph.add(Activation("squares", .square))
    try graph.add(Reduction("sum", .sum, axes: [0], keepsDimensions: true))
    try graph.add(Activation("length", .squareRoot))
    try graph.add(Divide("direction"), after: ["conv", "length"])
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    func gradient(batch: Int) throws -> Tensor {
      let program = try TrainingProgram(
        graph, parameters: parameters, plan: FreezePlan(trainableLayers: ["conv"]), batch: batch, seed: 0)
      _ = try program.forward(["image": Self.numbers([2, 3, 2, 2])])
      try program.backward(Tensor((0..<32).map { Float($0 % 5) }, shape: [2, 4, 2, 2]))
      return try #require(try program.gradients()["conv/kernel"])
    }
    let full = try gradient(batch: 2)
    #expect(full.floats.contains { $0 != 0 })
    expectClose(try gradient(batch: 5), full, within: 1e-5, "a partial batch")
  }

  private static func turnedSum(_ shape: Shape) throws -> LayerGraph {
    var graph = try LayerGraph(input: shape, name: "image")
    try graph.add(Slice("slice", axis: shape.rank - 1, begin: 1, end: 2))
    try graph.add(Activation("positive", .relu))
    try graph.add(Permute("turned", axes: (0..<shape.rank).reversed()))
    try graph.add(Reduction("sum", .sum, axes: Array(1..<shape.rank), keepsDimensions: false))
    return graph
  }

  @EngineActor
  @Test(arguments: [6, 8, 11])
  func `images of more axes than any fast kernel has give right numbers`(rank: Int) async throws {
    let shape = Shape([Int](repeating: 2, count: rank))
    let program = try InferenceProgram(Self.turnedSum(shape), parameters: Parameters(), batch: 1)
    // The odd numbers below 2ⁿ.
    let expected = Float(shape.count / 2 * (shape.count / 2))
    #expect(try program.run(Self.numbers(shape.batched(1))).floats == [expected])
  }

  @EngineActor
  @Test func `an image of more axes than oneDNN has is refused in words`() async throws {
    let graph = try Self.turnedSum(Shape([Int](repeating: 2, count: 12)))
    let error = #expect(throws: EngineError.self) {
      try InferenceProgram(graph, parameters: Parameters(), batch: 1)
    }
    #expect(
      error?.description
        == "oneDNN refused a layout of [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] in layer “” (status 2); "
        + "please report this with the network")
  }

  /// As an output a value outlives all that reads it; alone its memory serves others.
  @EngineActor
  @Test func `every node is the same as one of many outputs and as the only one`() async throws {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    let stem = try graph.add(Conv2D("stem", filters: 16, kernel: 3, padding: .same))
    let padded = try graph.add(ZeroPadding2D("padded", top: 1, bottom: 0, left: 1, right: 0))
    try graph.add(Conv2D("left", filters: 16, kernel: 2), after: [padded])
    let activated = try graph.add(Activation("activated", .relu))
    try graph.add(Conv2D("right", filters: 16, kernel: 2), after: [padded])
    try graph.add(Activation("linear", .linear))
    try graph.add(Add("sum"), after: [activated, "linear", stem])
    try graph.add(BatchNormalization("bn"))
    try graph.add(Activation("swish", .swish))
    try graph.add(Dropout("dropout", rate: 0.5))
    try graph.add(Slice("slice", axis: 0, begin: 0, end: 16), after: ["dropout"])
    try graph.add(Reshape("reshaped", shape: [16, 64], order: .channelsFirst))
    try graph.add(Pad("framed", before: [0, 1], after: [0, 1], mode: .constant(1)))
    try graph.add(Concatenate("joined", axis: 1), after: ["framed", "reshaped"])
    try graph.add(Reduction("means", .mean, axes: [1], keepsDimensions: false))
    try graph.add(Dense("dense", units: 3, activation: .softmax))
    try graph.add(Activation("logarithm", .logarithm))
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let images = Tensor((0..<2 * 192).map { Float(($0 * 37) % 101) / 50 - 1 }, shape: [2, 3, 8, 8])
    var all = graph
    try all.setOutputs(graph.nodes.map(\.name))
    let program = try InferenceProgram(all, parameters: parameters, batch: 2)
    // The second run shows what the first left in memory.
    _ = try program.run(images)
    let together = try program.run(["image": images])
    #expect(together.count == graph.nodes.count)
    for node in graph.nodes.dropFirst() {
      var alone = graph
      try alone.setOutputs([node.name])
      let expected = try InferenceProgram(alone, parameters: parameters, batch: 2).run(images)
      expectClose(try #require(together[node.name]), expected, within: 1e-6, node.name)
    }
  }
}
