import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Synchronization
import Testing

/// Keeps measurements in memory, or has always the same answer, and notes what it was asked.
private final class MemoryRecord: AlgorithmRecord {
  let identity = "in memory"
  private let answer: AlgorithmTimes?
  private let state = Mutex((known: [String: AlgorithmTimes](), asked: [String]()))

  /// - Parameter prefersWinograd: nil for what is measured.
  init(prefersWinograd: Bool? = nil) {
    answer = prefersWinograd.map {
      AlgorithmTimes(direct: $0 ? 2 : 1, winograd: $0 ? 1 : 2, inputConversion: 0, outputConversion: 0)
    }
  }

  var known: [String: AlgorithmTimes] { state.withLock(\.known) }
  var asked: [String] { state.withLock(\.asked) }

  func times(of signature: String) -> AlgorithmTimes? {
    state.withLock {
      $0.asked.append(signature)
      return answer ?? $0.known[signature]
    }
  }

  func remember(_ times: AlgorithmTimes, of signature: String) -> AlgorithmTimes {
    state.withLock { $0.known[signature] = times }
    return times
  }
}

@Suite struct ConvolutionAlgorithmsTests {
  /// oneDNN has Winograd's algorithm for AVX-512, and only up to version 2.
  private static let hasWinograd =
    Machine.current.instructionSet.hasPrefix("avx512") && Machine.current.oneDNN.hasPrefix("2.")

  private static func graph() throws -> LayerGraph {
    var graph = try LayerGraph(input: [32, 20, 18], name: "image")
    try graph.add(Conv2D("conv1", filters: 32, kernel: 3, padding: .same, activation: .relu))
    try graph.add(MaxPooling2D("pool", size: 2))
    try graph.add(Conv2D("conv2", filters: 48, kernel: 3, padding: .same))
    try graph.add(BatchNormalization("bn"))
    try graph.add(Conv2D("reduce", filters: 32, kernel: 1, activation: .relu))
    try graph.add(Conv2D("conv3", filters: 32, kernel: 3, padding: .valid))
    try graph.add(GlobalAveragePooling2D("mean"))
    return graph
  }

  private static func numbers(_ shape: Shape) -> Tensor {
    var generator = SeededGenerator(seed: 5)
    return Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape)
  }

  @EngineActor
  private static func with<Result>(_ record: (any AlgorithmRecord)?, _ body: () throws -> Result) rethrows -> Result {
    let before = ConvolutionAlgorithms.record
    defer { ConvolutionAlgorithms.record = before }
    ConvolutionAlgorithms.record = record
    return try body()
  }

  @EngineActor
  @Test func `a program that is to start quickly runs directly and asks no record`() throws {
    let graph = try Self.graph()
    let parameters = Parameters.initialized(graph.parameters, seed: 2)
    let images = Self.numbers([2, 32, 20, 18])
    let record = MemoryRecord(prefersWinograd: true)
    func run(startsQuickly: Bool) throws -> [Float] {
      try InferenceProgram(graph, parameters: parameters, batch: 2, startsQuickly: startsQuickly).run(images).floats
    }
    let quick = try Self.with(record) { try run(startsQuickly: true) }
    #expect(record.asked.isEmpty)
    #expect(quick == (try Self.with(nil) { try run(startsQuickly: false) }))
  }

  @EngineActor
  @Test(.enabled(if: hasWinograd, "this oneDNN has no Winograd convolution for this processor"))
  func `Winograd's algorithm gives the direct one's numbers, but not its bits`() throws {
    let graph = try Self.graph()
    let parameters = Parameters.initialized(graph.parameters, seed: 2)
    let images = Self.numbers([3, 32, 20, 18])
    func run(_ record: (any AlgorithmRecord)?) throws -> [Float] {
      try Self.with(record) { try InferenceProgram(graph, parameters: parameters, batch: 3).run(images).floats }
    }
    let direct = try run(nil)
    let record = MemoryRecord(prefersWinograd: true)
    let winograd = try run(record)
    // The 1 × 1 convolution has no such form, so nobody asks.
    #expect(record.asked.count == 3)
    let greatest = direct.map(abs).max() ?? 0
    for (a, b) in zip(direct, winograd) { #expect(abs(a - b) < 1e-5 * greatest) }
    #expect(winograd != direct)
    #expect(try run(MemoryRecord(prefersWinograd: false)) == direct)
  }

  @EngineActor
  @Test(.enabled(if: hasWinograd, "this oneDNN has no Winograd convolution for this processor"))
  func `gradients agree within 1e-5`() throws {
    let graph = try Self.graph()
    let parameters = Parameters.initialized(graph.parameters, seed: 2)
    let images = Self.numbers([4, 32, 20, 18])
    let plan = FreezePlan(trainableLayers: Set(graph.parameters.map(\.layer)), batchNormModes: ["bn": .frozen])
    func gradients(_ record: (any AlgorithmRecord)?) throws -> (Parameters, Tensor?) {
      try Self.with(record) {
        let program = try TrainingProgram(
          graph, parameters: parameters, plan: plan, batch: 4, seed: 0, differentiatesInputs: true)
        _ = try program.forward(["image": images])
        try program.backward(Self.numbers([4, 32]))
        return (try program.gradients(), try program.inputGradient("image"))
      }
    }
    let direct = try gradients(nil)
    let record = MemoryRecord(prefersWinograd: true)
    let winograd = try gradients(record)
    #expect(record.asked.count { $0.contains("gradient") } == 6)
    func compare(_ a: Tensor?, _ b: Tensor?, _ name: String) throws {
      let (a, b) = (try #require(a).floats, try #require(b).floats)
      let greatest = a.map(abs).max() ?? 0
      let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
      #expect(difference < 1e-5 * greatest, "\(name): \(difference) of \(greatest)")
    }
    for specification in graph.parameters where plan.trains(specification) {
      try compare(direct.0[specification.name], winograd.0[specification.name], specification.name)
    }
    try compare(direct.1, winograd.1, "image")
    #expect(direct.0["conv1/kernel"]?.floats != winograd.0["conv1/kernel"]?.floats)
  }

  @EngineActor
  @Test(.enabled(if: hasWinograd, "this oneDNN has no Winograd convolution for this processor"))
  func `each convolution is measured once`() throws {
    let graph = try Self.graph()
    let parameters = Parameters.initialized(graph.parameters, seed: 2)
    let record = MemoryRecord()
    try Self.with(record) {
      _ = try InferenceProgram(graph, parameters: parameters, batch: 3)
      let first = record.known
      #expect(first.count == 3)
      #expect(first.values.allSatisfy { $0.direct > 0 && $0.winograd > 0 && $0.direct < 10 && $0.winograd < 10 })
      _ = try InferenceProgram(graph, parameters: parameters, batch: 3)
      #expect(record.known == first)
      _ = try InferenceProgram(graph, parameters: parameters, batch: 2)
      #expect(record.known.count == 6)
    }
  }

  @EngineActor
  @Test func `parameters that are replaced reach Winograd's form too, and shared kernels stay plain`() throws {
    let record = MemoryRecord(prefersWinograd: true)
    var graph = try Self.graph()
    let convolution = Conv2D("twice", filters: 32, kernel: 3, padding: .same)
    let map = "conv3"
    let first = try graph.add(convolution, after: [map], as: "once")
    try graph.add(convolution, after: [first], as: "again")
    try graph.add(GlobalAveragePooling2D("all"))
    graph = try graph.cut(at: ["all"])
    let parameters = Parameters.initialized(graph.parameters, seed: 2)
    let others = Parameters.initialized(graph.parameters, seed: 3)
    let images = Self.numbers([2, 32, 20, 18])
    let (replaced, fresh) = try Self.with(record) {
      let program = try InferenceProgram(graph, parameters: parameters, batch: 2)
      try program.load(others)
      return (
        try program.run(images).floats,
        try InferenceProgram(graph, parameters: others, batch: 2).run(images).floats
      )
    }
    #expect(replaced == fresh)
    let direct = try Self.with(nil) {
      try InferenceProgram(graph, parameters: others, batch: 2).run(images).floats
    }
    let greatest = direct.map(abs).max() ?? 0
    for (a, b) in zip(direct, fresh) { #expect(abs(a - b) < 1e-5 * greatest) }
  }

  @EngineActor
  @Test func `work can go by a record of its own, and what it starts does too`() async {
    await ConvolutionAlgorithms.going(by: MemoryRecord()) {
      #expect(ConvolutionAlgorithms.record?.identity == "in memory")
      #expect(await Task { @EngineActor in ConvolutionAlgorithms.record?.identity }.value == "in memory")
      await ConvolutionAlgorithms.going(by: nil) { #expect(ConvolutionAlgorithms.record == nil) }
    }
  }

  @EngineActor
  @Test func `a record is opened when it is first asked for, once`() {
    Self.with(nil) {
      var count = 0
      ConvolutionAlgorithms.openRecordWhenNeeded {
        count += 1
        return MemoryRecord()
      }
      #expect(count == 0)
      #expect(ConvolutionAlgorithms.record?.identity == "in memory")
      #expect(ConvolutionAlgorithms.record?.identity == "in memory")
      #expect(count == 1)
    }
  }
}
