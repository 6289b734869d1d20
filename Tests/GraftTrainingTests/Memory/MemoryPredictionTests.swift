import Foundation
import GraftEngine
import GraftGraph
import GraftLearning
import GraftPlanning
import GraftTensors
import GraftTraining
import Testing

@Suite struct MemoryPredictionTests {
  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [16, 8, 8], name: "image")
    try graph.add(Conv2D("conv", filters: 32, kernel: 3, padding: .same))
    try graph.add(GlobalAveragePooling2D("average"))
    try graph.add(Dense("dense", units: 16))
    return graph
  }

  /// 16 · 32 · 9 + 32 and 32 · 16 + 16 numbers of four bytes.
  private static let convolutionBytes = 4 * 4640
  private static let denseBytes = 4 * 528

  @EngineActor
  @Test func `a program says what it holds`() async throws {
    let graph = try Self.network()
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let inference = try InferenceProgram(graph, parameters: parameters, batch: 2).footprint
    #expect(inference.parameters == Self.convolutionBytes + Self.denseBytes)
    #expect(inference.gradients == 0)
    // Input and feature map are there at once.
    #expect(inference.activations >= 2 * 64 * 4 * (16 + 32))
    let training = try TrainingProgram(
      graph, parameters: parameters, plan: FreezePlan(trainableLayers: ["dense"]), batch: 2, seed: 1
    ).footprint
    #expect(training.parameters == Self.convolutionBytes + Self.denseBytes)
    #expect(training.gradients == Self.denseBytes)
    #expect(training.total == training.parameters + training.gradients + training.activations)
  }

  @EngineActor
  @Test func `the peak is the largest program's, compiling or running`() async throws {
    let graph = try Self.network()
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let held = try TrainingProgram(
      graph, parameters: parameters, plan: FreezePlan(trainableLayers: ["conv", "dense"]), batch: 2, seed: 1
    ).footprint
    func program(_ optimizer: (any Optimizer)?, batches: Int) -> MemoryPrediction.Program {
      MemoryPrediction.Program(
        "training", process: 1 << 20, given: graph.parameters, held: held, stepCount: 10, optimizer: optimizer,
        batches: batches)
    }
    let plain = program(nil, batches: 100)
    #expect(plain.givenParameters == Self.convolutionBytes + Self.denseBytes)
    #expect(plain.optimizerState == 0)
    #expect(program(SGD(momentum: 0), batches: 100).peak == plain.peak)
    #expect(program(SGD(), batches: 100).peak == plain.peak + held.gradients)
    #expect(program(Adam(), batches: 0).peak == plain.peak + 2 * held.gradients - 100)
    #expect(plain.whileCompiling == (1 << 20) + held.parameters)
    #expect(plain.peak == plain.whileRunning && plain.whileRunning == (1 << 20) + held.total + plain.kernels + 100)

    var prediction = MemoryPrediction()
    prediction.programs = [plain, program(Adam(), batches: 0), plain]
    #expect(prediction.peak == prediction.programs[1].peak)
  }

  @Test func `what the process holds now is no more than the most`() {
    let current = ProcessMemory.current
    #expect(current > 1 << 20)
    // Linux counts in batches, thread by thread.
    #expect(ProcessMemory.peak + (16 << 20) >= current)
  }
}
