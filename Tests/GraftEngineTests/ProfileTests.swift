import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct ProfileTests {
  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    try graph.add(Conv2D("conv", filters: 16, kernel: 3, padding: .same, usesBias: false))
    try graph.add(BatchNormalization("bn"))
    try graph.add(Activation("relu", .relu))
    try graph.add(Conv2D("second", filters: 16, kernel: 3, padding: .same))
    try graph.add(Add("sum"), after: ["relu", "second"])
    try graph.add(MaxPooling2D("pool", size: 2))
    try graph.add(Dropout("dropout", rate: 0.5))
    try graph.add(GlobalAveragePooling2D("average"))
    try graph.add(Dense("dense", units: 2))
    return graph
  }

  private static let gradient = Tensor([1, -1, 1, -1], shape: [2, 2])

  private static var images: Tensor {
    var generator = SeededGenerator(seed: 3)
    let shape: Shape = [2, 3, 8, 8]
    return Tensor((0..<shape.count).map { _ in generator.nextUniform() }, shape: shape)
  }

  @EngineActor
  private static func trainingProgram() throws -> TrainingProgram {
    let graph = try network()
    let plan = FreezePlan(
      trainableLayers: ["conv", "bn", "second", "dense"], batchNormModes: ["bn": .batchStatistics])
    return try TrainingProgram(
      graph, parameters: .initialized(graph.parameters, seed: 1), plan: plan, batch: 2, seed: 1)
  }

  @EngineActor
  @Test func `a profiled prediction is the same, bit for bit, and every step is in it once`() async throws {
    let graph = try Self.network()
    let program = try InferenceProgram(graph, parameters: .initialized(graph.parameters, seed: 1), batch: 2)
    let expected = try program.run(Self.images).floats
    let (outputs, steps) = try program.profile(["image": Self.images])
    #expect(outputs["dense"]?.floats == expected)
    #expect(steps.count == program.stepCount)
    #expect(steps.allSatisfy { $0.pass == .forward && $0.gradient == nil && $0.seconds >= 0 && !$0.layer.isEmpty })
    // The normalisation, its ReLU, the sum and the dropout are part of other layers' steps, or of nothing.
    let layers = steps.filter { $0.kind != .reorder }.map(\.layer)
    #expect(layers == ["conv", "second", "pool", "average", "dense"])
    #expect(
      steps.filter { $0.kind != .reorder }.map(\.kind) == [.convolution, .convolution, .pooling, .pooling, .dense])
    #expect(steps.allSatisfy { !$0.implementation.isEmpty })
  }

  @EngineActor
  @Test func `a profiled training step is the same, bit for bit`() async throws {
    let plain = try Self.trainingProgram()
    let output = try plain.forward(["image": Self.images])
    try plain.backward(Self.gradient)

    let profiled = try Self.trainingProgram()
    let forward = try profiled.profileForward(["image": Self.images])
    let backward = try profiled.profileBackward(Self.gradient)
    #expect(forward.output.floats == output.floats)
    let gradients = try plain.gradients()
    #expect(gradients.tensors.count == 7)
    for (name, gradient) in gradients.tensors {
      #expect(try profiled.gradients()[name]?.floats == gradient.floats, "\(name)")
    }
    #expect(
      try profiled.trainedParameters()["bn/moving_mean"]?.floats == plain.trainedParameters()["bn/moving_mean"]?.floats)
    #expect(forward.steps.count + backward.count == plain.stepCount)
  }

  @EngineActor
  @Test func `a training step's timings say what each step is and whose`() async throws {
    let program = try Self.trainingProgram()
    let forward = try program.profileForward(["image": Self.images]).steps
    let backward = try program.profileBackward(Self.gradient)
    #expect(forward.allSatisfy { $0.pass == .forward } && backward.allSatisfy { $0.pass == .backward })
    func work(_ timings: [StepTiming], of layer: String) -> [StepTiming.Kind] {
      timings.filter { $0.layer == layer && $0.kind != .reorder }.map(\.kind)
    }
    #expect(work(forward, of: "bn") == [.batchNormalization, .host])
    #expect(work(forward, of: "dropout") == [.host, .arithmetic])
    #expect(forward.filter { $0.kind == .host }.allSatisfy { $0.implementation == "host" })
    let gradients = backward.filter { $0.kind == .convolution }.map { "\($0.layer) \($0.gradient?.rawValue ?? "")" }
    #expect(gradients.sorted() == ["conv parameters", "second input", "second parameters"])
    #expect(backward.first { $0.kind == .batchNormalization }?.gradient == .all)
    // Where two gradients of one tensor meet: the normalisation's output goes to `second` and into the sum.
    #expect(work(backward, of: "bn").contains(.arithmetic))
  }

  @EngineActor
  @Test func `timing the primitives alone leaves the numbers of a whole step`() async throws {
    let plain = try Self.trainingProgram()
    _ = try plain.forward(["image": Self.images])
    try plain.backward(Self.gradient)
    let timed = try Self.trainingProgram()
    #expect(try timed.timePrimitives(["image": Self.images], gradient: Self.gradient) > 0)
    for (name, gradient) in try plain.gradients().tensors {
      #expect(try timed.gradients()[name]?.floats == gradient.floats, "\(name)")
    }
    let graph = try Self.network()
    let inference = try InferenceProgram(graph, parameters: .initialized(graph.parameters, seed: 1), batch: 2)
    #expect(try inference.timePrimitives(["image": Self.images]) > 0)
  }
}
