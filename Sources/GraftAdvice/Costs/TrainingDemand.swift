import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import GraftTraining

/// What a training holds at once, as far as that can be told before it begins.
///
/// Each stage's programs are compiled for it, which touches none of the memory that they would use.
@EngineActor
public struct TrainingDemand {
  /// What the process holds before: code, libraries, the parameters as they were read.
  private let process: Int

  /// - Parameter process: in bytes; what the process holds now where nobody says.
  public init(process: Int = ProcessMemory.current) {
    self.process = process
  }

  /// - Returns: memory and disk of each stage.
  public func callAsFunction(_ trainer: Trainer) throws -> [Resources] {
    // Which algorithm is fastest is found out by running it, on all the memory that it takes: not here.
    let record = ConvolutionAlgorithms.record
    ConvolutionAlgorithms.record = nil
    defer { ConvolutionAlgorithms.record = record }
    // All stages decode the same photographs.
    let decoding = DecodingMemory.peak(of: trainer.seen + trainer.validation)
    return try trainer.stages.indices.map { try demand(ofStage: $0, in: trainer, decoding) }
  }

  private func demand(ofStage index: Int, in trainer: Trainer, _ decoding: Int) throws -> Resources {
    let (stage, configuration) = (trainer.stages[index], trainer.configuration)
    let graph = try trainer.model(ofStage: index).logits
    let parameters = trainer.model.parameters
    let frontier = stage.plan.frontier(of: graph)
    let suffix = try graph.suffix(after: frontier)
    let batch = max(1, min(configuration.batch, trainer.training.count))
    let cache = try trainer.cachePlan(of: stage)
    let inputBytes = suffix.inputs.reduce(0) { $0 + $1.shape.count * 4 }
    var memory = process + cache.memoryBytes + decoding
    func add(_ program: MemoryPrediction.Program) { memory += program.peak }

    let training = try TrainingProgram(
      suffix, parameters: parameters, plan: stage.plan, batch: trainer.imagesPerStep,
      precision: configuration.precision, memory: configuration.memory, seed: configuration.seed)
    add(
      .init(
        "training", process: 0, given: [], held: training.footprint, stepCount: training.stepCount,
        // A batch is read while another is computed, and a third is on its way.
        optimizer: configuration.optimizer.optimizer, batches: 3 * trainer.imagesPerStep * inputBytes))
    let evaluator = try InferenceProgram(
      suffix, parameters: parameters, batch: batch, precision: configuration.precision)
    add(
      .init(
        "validation", process: 0, given: [], held: evaluator.footprint, stepCount: evaluator.stepCount, batches: 0))
    if cache.hasFrozenPart {
      let size = InferenceProgram.preferredBatch
      let prefix = try InferenceProgram(
        graph.cut(at: frontier), parameters: parameters, batch: size, precision: configuration.precision)
      let images = graph.inputs.reduce(0) { $0 + $1.shape.count * 4 }
      add(
        .init(
          "frozen part", process: 0, given: [], held: prefix.footprint, stepCount: prefix.stepCount,
          batches: size * (3 * images + inputBytes)))
    }
    // The best epoch's numbers, and those that validation is given.
    memory += 2 * 4 * stage.plan.trainableParameters(of: graph).reduce(0) { $0 + $1.shape.count }
    // What memory holds is kept on the disk for later trainings only, and not where there is no room.
    let needsDisk = cache.training == .disk || cache.validation == .disk
    return Resources(
      memory: memory + MemoryPrediction.mappedCodeByteCount, disk: needsDisk ? cache.diskBytes : 0)
  }
}

extension [Resources] {
  /// Of a training whose stages run one after the other.
  public var largest: Resources {
    Resources(memory: map(\.memory).max() ?? 0, disk: map(\.disk).max() ?? 0)
  }
}
