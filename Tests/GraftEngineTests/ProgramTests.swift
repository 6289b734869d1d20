import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct ProgramTests {
  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    try graph.add(Conv2D("first", filters: 16, kernel: 3, padding: .same))
    try graph.add(Activation("first_relu", .relu))
    try graph.add(MaxPooling2D("pool", size: 2))
    try graph.add(Conv2D("second", filters: 32, kernel: 3, padding: .same))
    try graph.add(Activation("second_relu", .relu))
    try graph.add(GlobalAveragePooling2D("average"))
    try graph.add(Dropout("dropout", rate: 0.5))
    try graph.add(Dense("dense", units: 2))
    return graph
  }

  private static func images(_ count: Int) -> Tensor {
    var generator = SeededGenerator(seed: 3)
    let shape: Shape = [count, 3, 8, 8]
    return Tensor((0..<shape.count).map { _ in generator.nextUniform() }, shape: shape)
  }

  @EngineActor
  @Test func `an image's result does not depend on the images beside it`() async throws {
    let graph = try Self.network()
    let program = try InferenceProgram(
      graph, parameters: .initialized(graph.parameters, seed: 1), batch: 4)
    let images = Self.images(4)
    let together = try program.run(images)
    for row in 0..<4 {
      let alone = try program.run(images[rows: row..<row + 1])
      #expect(alone.floats == together[rows: row..<row + 1].floats)
    }
  }

  @EngineActor
  @Test(arguments: [1, 3]) func `a few images get a program of their number, which computes the same`(count: Int) throws
  {
    let graph = try Self.network()
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let images = Self.images(6)
    #expect([0, 1, 3, 4, 400].map(InferenceProgram.batch(forOnly:)) == [1, 1, 3, 4, 4])
    let few = try InferenceProgram(graph, parameters: parameters, batch: InferenceProgram.batch(forOnly: count))
    let many = try InferenceProgram(graph, parameters: parameters, batch: InferenceProgram.batch(forOnly: 6))
    let some = images[rows: 0..<count]
    for (found, expected) in zip(try few.run(some).floats, try many.run(some).floats) {
      #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)))
    }
  }

  @EngineActor
  @Test func `the layout of the input does not matter`() async throws {
    let graph = try Self.network()
    let program = try InferenceProgram(
      graph, parameters: .initialized(graph.parameters, seed: 1), batch: 2)
    let images = Self.images(2)
    let channelsLast = images.permuted([0, 2, 3, 1]).contiguous().permuted([0, 3, 1, 2])
    #expect(channelsLast.strides != images.strides)
    #expect(try program.run(channelsLast).floats == program.run(images).floats)
  }

  @EngineActor
  @Test func `only what the plan names gets a gradient`() async throws {
    let graph = try Self.network()
    let program = try TrainingProgram(
      graph, parameters: .initialized(graph.parameters, seed: 1),
      plan: FreezePlan(trainableLayers: ["second", "dense"]), batch: 2, seed: 0)
    _ = try program.forward(["image": Self.images(2)])
    try program.backward(Tensor([1, -1, 1, -1], shape: [2, 2]))
    let gradients = try program.gradients()
    #expect(
      Set(gradients.tensors.keys) == ["second/kernel", "second/bias", "dense/kernel", "dense/bias"])
    for gradient in gradients.tensors.values { #expect(gradient.floats.contains { $0 != 0 }) }
  }

  @EngineActor
  @Test func `parameters come back as they went in, and updates reach them`() async throws {
    let graph = try Self.network()
    let start = Parameters.initialized(graph.parameters, seed: 1)
    let program = try TrainingProgram(
      graph, parameters: start, plan: FreezePlan(trainableLayers: ["second"]), batch: 2, seed: 0)
    #expect(try program.trainedParameters()["second/kernel"]?.floats == start["second/kernel"]?.floats)
    program.updateParameters { _, parameter, _ in
      for index in 0..<parameter.count { parameter[index] *= 2 }
    }
    let doubled = try program.trainedParameters()["second/kernel"]?.floats
    #expect(doubled != nil && doubled == start["second/kernel"]?.floats.map { $0 * 2 })
  }

  @EngineActor
  @Test func `dropout keeps about half, scaled, and repeats with its seed`() async throws {
    var graph = LayerGraph()
    try graph.add(InputLayer("vector", shape: [1000]))
    try graph.add(Dropout("dropout", rate: 0.5))
    let ones = Tensor([Float](repeating: 1, count: 1000), shape: [1, 1000])
    func run(seed: UInt64) throws -> (first: [Float], second: [Float]) {
      let program = try TrainingProgram(
        graph, parameters: Parameters(), plan: FreezePlan(trainableLayers: []), batch: 1, seed: seed)
      return try (program.forward(["vector": ones]).floats, program.forward(["vector": ones]).floats)
    }
    let (first, second) = try run(seed: 1)
    #expect(Set(first) == [0, 2])
    // 500 expected, with a standard deviation of 16.
    #expect(abs(first.count { $0 == 0 } - 500) < 80)
    #expect(first != second)
    #expect(try run(seed: 1) == (first, second))
    #expect(try run(seed: 2).first != first)
  }

  @EngineActor
  @Test func `spatial dropout drops whole channels, and their gradients with them`() async throws {
    var graph = try LayerGraph(input: [200, 3, 2], name: "image")
    try graph.add(SpatialDropout2D("dropout", rate: 0.25))
    let program = try TrainingProgram(
      graph, parameters: Parameters(), plan: FreezePlan(trainableLayers: []), batch: 2, seed: 1,
      differentiatesInputs: true)
    let ones = Tensor([Float](repeating: 1, count: 2400), shape: [2, 200, 3, 2])
    let output = try program.forward(["image": ones]).floats
    try program.backward(ones)
    #expect(try program.inputGradient("image")?.floats == output)
    let channels = stride(from: 0, to: 2400, by: 6).map { Set(output[$0..<$0 + 6]) }
    #expect(channels.allSatisfy { $0 == [0] || $0 == [4 / 3] })
    // 100 expected, with a standard deviation of 9.
    #expect(abs(channels.count { $0 == [0] } - 100) < 45)
    #expect(try program.forward(["image": ones]).floats != output)
    let inference = try InferenceProgram(graph, parameters: Parameters(), batch: 2)
    #expect(try inference.run(ones).floats == ones.floats)
  }

  @EngineActor
  @Test func `a missing tensor and a wrong shape are named`() async throws {
    let graph = try Self.network()
    var parameters = Parameters.initialized(graph.parameters, seed: 1)
    parameters["second/kernel"] = Tensor(zeros: [32, 15, 3, 3])
    #expect(
      throws: EngineError.parameterShape(
        name: "second/kernel", expected: [32, 16, 3, 3], found: [32, 15, 3, 3])
    ) {
      try InferenceProgram(graph, parameters: parameters, batch: 1)
    }
    parameters["second/kernel"] = nil
    #expect(throws: EngineError.missingParameter(name: "second/kernel", shape: [32, 16, 3, 3])) {
      try InferenceProgram(graph, parameters: parameters, batch: 1)
    }
  }

  @EngineActor
  @Test func `an input of the wrong shape is refused in words`() async throws {
    let graph = try Self.network()
    let program = try InferenceProgram(
      graph, parameters: .initialized(graph.parameters, seed: 1), batch: 1)
    let error = #expect(throws: EngineError.self) { try program.run(Tensor(zeros: [1, 3, 8, 9])) }
    #expect(
      error?.description
        == "the input “image” has the shape [1, 3, 8, 9], but the network takes [3, 8, 8] for each image")
  }

  @EngineActor
  @Test func `layouts change only at the edges of a plain network`() async throws {
    let graph = try Self.network()
    let program = try InferenceProgram(
      graph, parameters: .initialized(graph.parameters, seed: 1), batch: 4)
    // The pooled [N, C, 1, 1] becomes a row-major [N, C]. oneDNN 3 changes the layout once more.
    #expect(program.reorderCount <= (Machine.current.oneDNN.hasPrefix("2.") ? 1 : 2))
  }
}
