import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct BatchNormalizationTests {
  @EngineActor
  @Test func `ten steps leave the moving statistics that Keras and PyTorch have`() async throws {
    let cases = try GoldenCase.all("BatchNormalizationSteps")
    #expect(cases.map(\.name) == ["keras", "torch"])
    for golden in cases {
      let batches = try golden.tensor("batches")
      let shape = Shape(Array(batches.shape.dimensions.dropFirst()))
      let graph = try golden.graph(inputs: [Tensor(zeros: shape)])
      let program = try TrainingProgram(
        graph, parameters: golden.parameters, plan: golden.plan, batch: shape[0], seed: 0)
      for step in 0..<batches.shape[0] {
        _ = try program.forward(["input0": batches[rows: step..<step + 1].contiguous().reshaped(shape)])
      }
      let trained = try program.trainedParameters()
      for role in ["movingMean", "movingVariance"] {
        let name = role == "movingMean" ? "layer/moving_mean" : "layer/moving_variance"
        let found = try #require(trained[name])
        expectClose(found, try golden.tensor("\(role)After"), within: 1e-5, "\(golden) \(role)")
      }
    }
  }

  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 6, 6], name: "image")
    try graph.add(Conv2D("conv", filters: 5, kernel: 3, usesBias: false))
    try graph.add(BatchNormalization("bn"))
    try graph.add(Activation("relu", .relu))
    try graph.add(GlobalAveragePooling2D("average"))
    try graph.add(Dense("dense", units: 2))
    return graph
  }

  @EngineActor
  private static func program(
    trains: Set<String>, _ mode: BatchNormMode, batch: Int = 3
  ) throws -> (program: TrainingProgram, start: Parameters) {
    let graph = try network()
    let start = Parameters.initialized(graph.parameters, seed: 1)
    let plan = FreezePlan(trainableLayers: trains, batchNormModes: ["bn": mode])
    return (try TrainingProgram(graph, parameters: start, plan: plan, batch: batch, seed: 0), start)
  }

  private static func images(_ count: Int) -> Tensor {
    var generator = SeededGenerator(seed: 3)
    let shape: Shape = [count, 3, 6, 6]
    return Tensor((0..<shape.count).map { _ in 3 * generator.nextUniform() + 1 }, shape: shape)
  }

  @EngineActor
  @Test func `a frozen layer's statistics hold still while its affine part trains`() async throws {
    let (program, _) = try Self.program(trains: ["bn", "dense"], .frozen)
    _ = try program.forward(["image": Self.images(3)])
    try program.backward(Tensor([1, -1, 1, -1, 1, -1], shape: [3, 2]))
    #expect(
      try Set(program.gradients().tensors.keys) == ["bn/gamma", "bn/beta", "dense/kernel", "dense/bias"])
    #expect(
      try Set(program.trainedParameters().tensors.keys) == ["bn/gamma", "bn/beta", "dense/kernel", "dense/bias"])
  }

  @EngineActor
  @Test func `statistics move while the affine part is frozen`() async throws {
    let (program, start) = try Self.program(trains: ["dense"], .batchStatistics)
    _ = try program.forward(["image": Self.images(3)])
    try program.backward(Tensor([1, -1, 1, -1, 1, -1], shape: [3, 2]))
    #expect(try Set(program.gradients().tensors.keys) == ["dense/kernel", "dense/bias"])
    let trained = try program.trainedParameters()
    #expect(
      Set(trained.tensors.keys) == ["bn/moving_mean", "bn/moving_variance", "dense/kernel", "dense/bias"])
    for name in ["bn/moving_mean", "bn/moving_variance"] {
      #expect(trained[name]?.floats != start[name]?.floats)
    }
  }

  @EngineActor
  @Test func `moved statistics can be put back`() async throws {
    let (program, start) = try Self.program(trains: ["bn", "dense"], .batchStatistics)
    let first = try program.forward(["image": Self.images(3)]).floats
    let moved = try program.trainedParameters()
    try program.load(start)
    #expect(try program.trainedParameters()["bn/moving_mean"]?.floats == start["bn/moving_mean"]?.floats)
    #expect(try program.forward(["image": Self.images(3)]).floats == first)
    #expect(try program.trainedParameters()["bn/moving_mean"]?.floats == moved["bn/moving_mean"]?.floats)
  }

  @EngineActor
  @Test func `with the statistics of the batch, a partial batch is refused in words`() async throws {
    let (program, _) = try Self.program(trains: ["bn", "dense"], .batchStatistics)
    let error = #expect(throws: EngineError.self) { try program.forward(["image": Self.images(2)]) }
    #expect(
      error?.description
        == "2 images were given to a program compiled for 3 at a time, but layer “bn” uses the statistics of the batch; "
        + "give exactly 3, or freeze the layer's statistics")
    let (frozen, _) = try Self.program(trains: ["bn", "dense"], .frozen)
    #expect(try frozen.forward(["image": Self.images(2)]).shape == [2, 2])
  }

  @EngineActor
  @Test func `a frozen layer gives the same numbers in training as at inference`() async throws {
    let (program, start) = try Self.program(trains: ["bn", "dense"], .frozen)
    let inference = try InferenceProgram(Self.network(), parameters: start, batch: 3)
    let (found, expected) = try (program.forward(["image": Self.images(3)]), inference.run(Self.images(3)))
    expectClose(found, expected, within: 1e-6, "training and inference")
  }

  @EngineActor
  @Test func `a gradient passes a wholly frozen layer as it does one whose affine part trains`() async throws {
    func gradient(_ trains: Set<String>) throws -> Parameters {
      let (program, _) = try Self.program(trains: trains, .frozen)
      _ = try program.forward(["image": Self.images(3)])
      try program.backward(Tensor([1, -1, 1, -1, 1, -1], shape: [3, 2]))
      return try program.gradients()
    }
    let (through, beside) = try (gradient(["conv", "dense"]), gradient(["conv", "bn", "dense"]))
    #expect(through["bn/gamma"] == nil && beside["bn/gamma"] != nil)
    let found = try #require(through["conv/kernel"])
    #expect(found.floats.contains { $0 != 0 })
    #expect(found.floats == beside["conv/kernel"]?.floats)
  }
}
