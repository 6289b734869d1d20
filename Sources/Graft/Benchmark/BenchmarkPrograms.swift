import GraftEngine
import GraftGraph
import GraftLearning
import GraftPlanning
import GraftTensors
import GraftTraining

/// Compiles a benchmark's programs one after another, each of numbers of its own, and times them.
@EngineActor
struct BenchmarkPrograms {
  private let benchmark: StepBenchmark
  private let timer: RunTimer
  private let images: Tensor
  private(set) var memory = MemoryPrediction()

  init(_ benchmark: StepBenchmark, _ timer: RunTimer) {
    self.benchmark = benchmark
    self.timer = timer
    var generator = SeededGenerator(seed: 1)
    let shape: Shape = [benchmark.batch, benchmark.inputSize.height, benchmark.inputSize.width, 3]
    images = Tensor(uninitialized: shape) { bytes in
      let numbers = bytes.bindMemory(to: Float.self)
      for index in numbers.indices { numbers.initializeElement(at: index, to: 2 * generator.nextUniform() - 1) }
    }.permuted([0, 3, 1, 2])
  }

  /// What is there before a program is: the images too.
  private var processByteCount: Int {
    ProcessMemory.current + (memory.programs.isEmpty ? MemoryPrediction.mappedCodeByteCount : 0)
  }

  /// A graph of one input, as trainings and predictions compile what does not train.
  ///
  /// - Returns: the graph's outputs for the whole batch too.
  mutating func timeForward(
    _ graph: LayerGraph, as name: String
  ) throws -> (timing: ProgramTiming, outputs: [String: Tensor]) {
    let process = processByteCount
    let program = try InferenceProgram(
      graph, parameters: .mapped(graph.parameters, seed: 1),
      batch: min(benchmark.batch, InferenceProgram.preferredBatch), precision: benchmark.precision,
      isReloadable: false)
    let inputs = Dictionary(uniqueKeysWithValues: graph.inputs.map { ($0.name, images) })
    let chunks = stride(from: 0, to: benchmark.batch, by: program.batch).map { start in
      inputs.mapValues { $0[rows: start..<min(start + program.batch, benchmark.batch)] }
    }
    var outputs: [String: Tensor] = [:]
    let timing = try timer.measure {
      outputs = try program.runAll(inputs)
      return nil
    } primitives: {
      try chunks.reduce(0) { try $0 + program.timePrimitives($1) }
    } profile: {
      try .sums(of: chunks.map { try program.profile($0).steps })
    }
    let results = outputs.values.reduce(0) { $0 + $1.shape.count * 4 }
    memory.programs.append(
      MemoryPrediction.Program(
        name, process: process, given: graph.parameters, held: program.footprint, stepCount: program.stepCount,
        // Gathered from parts, they are there twice for a moment.
        batches: 2 * results))
    return (timing, outputs)
  }

  /// - Parameter inputs: what the frozen part leaves; nil where there is none.
  mutating func timeTraining(
    _ suffix: LayerGraph, _ plan: FreezePlan, _ inputs: [String: Tensor]?
  ) throws -> ProgramTiming {
    let inputs = inputs ?? Dictionary(uniqueKeysWithValues: suffix.inputs.map { ($0.name, images) })
    let process = processByteCount
    let program = try TrainingProgram(
      suffix, parameters: .mapped(suffix.parameters, seed: 1), plan: plan, batch: benchmark.batch,
      precision: benchmark.precision, seed: 1)
    let configuration = TrainingConfiguration(learningRate: 1e-4)
    var updater = ParameterUpdater(configuration)
    let labels = (0..<benchmark.batch).map { $0 % 10 }
    let loss = SoftmaxCrossEntropy()
    var gradient = Tensor(zeros: [benchmark.batch, 10])
    memory.programs.append(
      MemoryPrediction.Program(
        "training", process: process, given: suffix.parameters, held: program.footprint, stepCount: program.stepCount,
        optimizer: configuration.optimizer.optimizer, batches: 0))
    return try timer.measure {
      gradient = try loss.evaluate(outputs: program.forward(inputs), targets: .classes(labels)).gradient
      try program.backward(gradient)
      let start = ContinuousClock.now
      updater.step(program, learningRate: configuration.learningRate)
      return start.duration(to: .now) / .seconds(1)
    } primitives: {
      try program.timePrimitives(inputs, gradient: gradient)
    } profile: {
      try program.profileForward(inputs).steps + program.profileBackward(gradient)
    }
  }
}
