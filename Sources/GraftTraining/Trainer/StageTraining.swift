import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Logging

/// One stage of a training, compiled: its frozen part, and a program each for training and for validation.
@EngineActor
final class StageTraining {
  let stage: TrainingStage
  let sources: FrontierSources
  let configuration: TrainingConfiguration
  let program: TrainingProgram
  /// The suffix as it predicts: without dropout, with the inference kernels.
  let evaluator: InferenceProgram
  let needsFullBatches: Bool
  /// Labelled images in one step: as configured, but never more than there are.
  let batch: Int
  /// All images in one step: with a target domain there are as many again.
  private let rows: Int
  /// Parameters that no gradient can reach in the first step.
  private let behindZeros: Set<String>
  let objective: TrainingObjective
  var updater: ParameterUpdater

  var training: FrontierSource { sources.training }
  var validation: FrontierSource { sources.validation }

  /// - Parameters:
  ///   - trainer: with the parameters that the stage starts from.
  ///   - starts: what the whole training started from.
  ///   - photographs: the hashes of the trainer's samples.
  ///   - lessons: what a teacher says of the training images; nil without one.
  init(
    _ trainer: Trainer, stage: TrainingStage, starts: Parameters, photographs: PhotographHashes,
    lessons: Lessons? = nil
  ) async throws {
    self.stage = stage
    configuration = trainer.configuration
    let logits = try trainer.model.logits
    let frontier = try stage.plan.frontier(of: logits).map { try logits.node($0) }
    let suffix = try logits.suffix(after: frontier.map(\.name))
    let parameters = trainer.model.parameters
    batch = max(1, min(configuration.batch, trainer.training.count))
    rows = trainer.imagesPerStep
    program = try TrainingProgram(
      suffix, parameters: parameters, plan: stage.plan, batch: rows, precision: configuration.precision,
      memory: configuration.memory, seed: configuration.seed)
    evaluator = try InferenceProgram(
      suffix, parameters: parameters, batch: batch, precision: configuration.precision)
    var alone = trainer
    alone.configuration.epochs = stage.epochs
    sources = try await FrontierSources(alone, logits: logits, frontier: frontier, photographs: photographs)
    needsFullBatches = stage.plan.needsFullBatches(in: suffix)
    behindZeros = trainer.model.adapters?.downKernels ?? []
    objective = TrainingObjective(trainer, lessons: lessons)
    updater = ParameterUpdater(configuration, plans: stage.parameters)
    try updater.remember(starts: starts, in: program)
    Logger(label: "graft.training").debug(
      "compiled", metadata: ["frontier": "\(frontier.map(\.name))", "reorders": "\(program.reorderCount)"])
  }

  /// Runs what is left of the epoch that is in progress.
  ///
  /// - Parameters:
  ///   - course: goes on with each batch.
  ///   - afterStep: called whenever the training could stop and go on from its state later.
  func runEpoch(
    _ course: TrainingCourse, skip: (SkippedImage) -> Void, report: (Int) -> Void, afterStep: () throws -> Void
  ) async throws {
    let order = order(of: course.state.epoch)
    let view = view(at: course.state)
    let done = course.state.position
    program.batchesRun = course.state.batchesRun
    try await training.forEachBatch(
      of: Array(order[done...]), view: view, size: rows, skip: skip, mix: { mixture(of: $0, at: course.state) }
    ) { batch in
      try Task.checkCancellation()
      course.state.position = done + batch.consumed
      // Images that turn out to be unreadable leave the last batch short.
      if needsFullBatches, batch.samples.count < rows { return }
      let evaluation = try run(batch, view: view, &course.state)
      course.state.batches += 1
      if configuration.accumulation > 1 {
        updater.accumulate(program, weight: evaluation.labelled.totalWeight)
        course.state.accumulatedWeight = updater.accumulatedWeight
      }
      if course.state.batches % configuration.accumulation == 0 { step(&course.state) }
      report(course.state.sums.images)
      try afterStep()
    }
    // An epoch's last step has what is left.
    if updater.hasAccumulated { step(&course.state) }
    updater.endEpoch(program)
  }

  private func run(_ batch: FrontierBatch, view: Int, _ state: inout TrainingState) throws -> StepEvaluation {
    let evaluation = objective.evaluated(try program.forward(batch.inputs), batch, view: view)
    try requireFinite(evaluation, state)
    try program.backward(evaluation.gradient)
    try requireGradients(for: evaluation, &state)
    state.batchesRun = program.batchesRun
    state.sums.add(evaluation)
    return evaluation
  }

  private func step(_ state: inout TrainingState) {
    state.lastRate = learningRate(at: state)
    updater.step(program, learningRate: state.lastRate, momentum: momentum(at: state))
    state.steps += 1
    state.updates = updater.updates
    state.accumulatedWeight = 0
  }

  func requireFinite(_ evaluation: StepEvaluation, _ state: TrainingState) throws {
    guard evaluation.isFinite else {
      throw TrainingError.diverged(epoch: state.epoch, learningRate: learningRate(at: state))
    }
  }

  /// In the first step, every tensor that trains must have a gradient: one that has none never would, and nobody would
  /// notice. A batch that is classified perfectly says nothing. An adapter's first kernel is spared: the second starts with zeros, and
  /// once the gradient that it must have has moved it, the first has one, too.
  private func requireGradients(for evaluation: StepEvaluation, _ state: inout TrainingState) throws {
    guard !state.hasSeenGradients, evaluation.gradient.floats.contains(where: { $0 != 0 }) else { return }
    state.hasSeenGradients = true
    for (name, gradient) in try program.gradients().tensors.sorted(by: { $0.key < $1.key })
    where !gradient.floats.contains(where: { $0 != 0 }) && !behindZeros.contains(name) {
      throw TrainingError.noGradient(parameter: name)
    }
  }
}
