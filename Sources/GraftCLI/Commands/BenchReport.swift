import Foundation
import Graft

/// What `bench --json` prints. Rates are images a second, times are seconds for a batch.
struct BenchReport: Encodable {
  let backbone, unfreeze, precision: String
  let imageSize, batch, trainableParameters: Int
  let frontier: [String]
  let forwardImagesPerSecond, prefixImagesPerSecond: Double?
  let trainingImagesPerSecond: Double
  let trainingStepSeconds: Double
  let programs: [BenchProgram]
  let peakRssBytes, predictedPeakBytes: Int
  let memory: [BenchMemory]
  let machine: Machine

  init(_ benchmark: StepBenchmark, _ result: StepBenchmark.Result) {
    let batch = Double(benchmark.batch)
    backbone = benchmark.architecture.name
    unfreeze = "\(benchmark.unfreeze)"
    precision = benchmark.precision.rawValue
    imageSize = benchmark.inputSize.height
    self.batch = benchmark.batch
    trainableParameters = result.trainableParameters
    frontier = result.frontier
    forwardImagesPerSecond = result.forward.map { batch / $0.seconds }
    prefixImagesPerSecond = result.prefix.map { batch / $0.seconds }
    trainingImagesPerSecond = batch / result.training.seconds
    trainingStepSeconds = result.training.seconds
    programs = [("forward", result.forward), ("prefix", result.prefix), ("training", result.training)]
      .compactMap { name, timing in timing.map { BenchProgram(name, $0, batch: benchmark.batch) } }
    peakRssBytes = ProcessMemory.peak
    predictedPeakBytes = result.memory.peak
    memory = result.memory.programs.map(BenchMemory.init)
    machine = .current
  }

  var text: String {
    let rates = columns(["", "images/s", "seconds", "oneDNN alone"], programs.map(\.row))
    let memory = "peak memory \(peakRssBytes >> 20) MB, predicted \(predictedPeakBytes >> 20) MB"
    return
      (["\(backbone), \(imageSize) pixels, batch \(batch), \(precision), \(unfreeze) trains", rates, memory]
      + programs.compactMap(\.table)
      + ["oneDNN \(machine.oneDNN), \(machine.instructionSet), \(machine.threads) threads"]).joined(separator: "\n\n")
  }
}

/// A program's times.
struct BenchProgram: Encodable {
  let name: String
  let imagesPerSecond, seconds, primitiveSeconds, primitiveShare: Double
  let optimizerSeconds: Double?
  /// Where they were asked for; shares are of all steps' time.
  let kinds, layers: [BenchWork]?

  init(_ name: String, _ timing: ProgramTiming, batch: Int) {
    self.name = name
    imagesPerSecond = Double(batch) / timing.seconds
    seconds = timing.seconds
    primitiveSeconds = timing.primitiveSeconds
    primitiveShare = timing.primitiveShare
    optimizerSeconds = timing.optimizerSeconds
    let total = timing.steps.seconds
    let isProfiled = !timing.steps.isEmpty
    kinds = isProfiled ? timing.steps.byKind.map { BenchWork($0, $0.key.rawValue, of: total) }.slowestFirst : nil
    layers = isProfiled ? timing.steps.byLayer.map { BenchWork($0, $0.key, of: total) }.slowestFirst : nil
  }

  var row: [String] {
    [
      name == "prefix" ? "frozen prefix" : name, String(format: "%.1f", imagesPerSecond),
      String(format: "%.4f", seconds), String(format: "%.3f", primitiveShare),
    ]
  }

  /// What each kind of work and each layer takes, in milliseconds.
  var table: String? {
    guard let kinds, let layers else { return nil }
    return [("kind of work", kinds), ("layer", layers)].map { title, works in
      columns(["\(name): \(title)", "forward", "backward", "ms", "share", "kernels"], works.map(\.row))
    }.joined(separator: "\n\n")
  }
}

/// The time of one layer's steps, or of one kind of step.
struct BenchWork: Encodable {
  let name: String
  let steps: Int
  let forwardSeconds, backwardSeconds, share: Double
  let implementations: [String]
  /// Whether one of the implementations is oneDNN's plain one, which is slow.
  let hasReference: Bool

  init<Key>(_ timing: WorkTiming<Key>, _ name: String, of total: Double) {
    self.name = name
    steps = timing.steps
    forwardSeconds = timing.forward
    backwardSeconds = timing.backward
    share = total > 0 ? timing.seconds / total : 0
    implementations = timing.implementations
    hasReference = timing.hasReference
  }

  var row: [String] {
    func milliseconds(_ seconds: Double) -> String { String(format: "%8.3f", seconds * 1000) }
    return [
      name, milliseconds(forwardSeconds), milliseconds(backwardSeconds), milliseconds(forwardSeconds + backwardSeconds),
      String(format: "%4.1f %%", share * 100),
      implementations.joined(separator: ", ") + (hasReference ? "  (slow: only a reference implementation)" : ""),
    ]
  }
}

extension [BenchWork] {
  fileprivate var slowestFirst: [BenchWork] {
    sorted { $0.forwardSeconds + $0.backwardSeconds > $1.forwardSeconds + $1.backwardSeconds }
  }
}

/// What the process was predicted to hold while one program runs, in bytes.
struct BenchMemory: Encodable {
  let name: String
  let processBytes, givenParameterBytes, parameterBytes, gradientBytes, optimizerBytes, activationBytes: Int
  let kernelBytes, batchBytes, peakBytes: Int

  init(_ program: MemoryPrediction.Program) {
    name = program.name
    processBytes = program.process
    givenParameterBytes = program.givenParameters
    parameterBytes = program.held.parameters
    gradientBytes = program.held.gradients
    optimizerBytes = program.optimizerState
    activationBytes = program.held.activations
    kernelBytes = program.kernels
    batchBytes = program.batches
    peakBytes = program.peak
  }
}
