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
  private let configuration: TrainingConfiguration
  private let program: TrainingProgram
  /// The suffix as it predicts: without dropout, with the inference kernels.
  private let evaluator: InferenceProgram
  private let needsFullBatches: Bool
  /// Images in one step: as configured, but never more than there are.
  private let batch: Int
  let targets: TaskTargets
  private let loss: CompositeLoss
  private var updater: ParameterUpdater

  var training: FrontierSource { sources.training }
  var validation: FrontierSource { sources.validation }

  /// - Parameters:
  ///   - trainer: with the parameters that the stage starts from.
  ///   - starts: what the whole training started from.
  ///   - photographs: the hashes of the trainer's samples.
  init(
    _ trainer: Trainer, stage: TrainingStage, starts: Parameters, photographs: PhotographHashes
  ) async throws {
    self.stage = stage
    configuration = trainer.configuration
    let logits = try trainer.model.logits
    let frontier = try stage.plan.frontier(of: logits).map { try logits.node($0) }
    let suffix = try logits.suffix(after: frontier.map(\.name))
    let parameters = trainer.model.parameters
    batch = max(1, min(configuration.batch, trainer.training.count))
    program = try TrainingProgram(
      suffix, parameters: parameters, plan: stage.plan, batch: batch, precision: configuration.precision,
      memory: configuration.memory, seed: configuration.seed)
    evaluator = try InferenceProgram(
      suffix, parameters: parameters, batch: batch, precision: configuration.precision)
    var alone = trainer
    alone.configuration.epochs = stage.epochs
    sources = try await FrontierSources(alone, logits: logits, frontier: frontier, photographs: photographs)
    needsFullBatches = stage.plan.needsFullBatches(in: suffix)
    targets = TaskTargets(trainer.model)
    loss = CompositeLoss(targets, configuration, training: trainer.training)
    updater = ParameterUpdater(configuration, plans: stage.parameters)
    try updater.remember(starts: starts, in: program)
    Logger(label: "graft.training").debug(
      "compiled", metadata: ["frontier": "\(frontier.map(\.name))", "reorders": "\(program.reorderCount)"])
  }

  /// How many steps an epoch has, at most.
  private var stepsPerEpoch: Int {
    let images = training.samples.count
    let batches = needsFullBatches ? images / batch : (images + batch - 1) / batch
    return max(1, (batches + configuration.accumulation - 1) / configuration.accumulation)
  }

  /// The learning rate of the step that comes next.
  func learningRate(at state: TrainingState) -> Double {
    stage.learningRate * (state.plateau?.factor ?? 1)
      * configuration.schedule.factor(
        atStep: state.steps, of: stage.epochs * stepsPerEpoch, stepsPerEpoch: stepsPerEpoch)
  }

  /// The momentum of the step that comes next, where the schedule changes it.
  private func momentum(at state: TrainingState) -> Double? {
    configuration.schedule.momentum(
      atStep: state.steps, of: stage.epochs * stepsPerEpoch, stepsPerEpoch: stepsPerEpoch)
  }

  /// The number of the view of the training images in the epoch that is in progress.
  ///
  /// Where something is frozen, stages share the views that the cache holds; otherwise each epoch has its own unless the
  /// configuration says how many there are.
  func view(at state: TrainingState) -> Int {
    let isOwn = configuration.views == nil && (!sources.hasFrozenPart || configuration.augmentation?.mixing != nil)
    return sources.plan.views == 1 ? 0 : isOwn ? state.epoch - 1 : (state.epochInStage - 1) % sources.plan.views
  }

  /// Runs what is left of the epoch that is in progress.
  ///
  /// - Parameters:
  ///   - course: goes on with each batch.
  ///   - afterStep: called whenever the training could stop and go on from its state later.
  func runEpoch(
    _ course: TrainingCourse, skip: (SkippedImage) -> Void, report: (Int) -> Void, afterStep: () throws -> Void
  ) async throws {
    var order = order(of: course.state.epoch)
    // The statistics of a batch that is not full would be those of its padding. Whom it hits changes with the epoch.
    if needsFullBatches { order.removeLast(order.count % batch) }
    let done = course.state.position
    program.batchesRun = course.state.batchesRun
    try await training.forEachBatch(
      of: Array(order[done...]), view: view(at: course.state), size: batch, skip: skip,
      mix: { mixture(of: $0, at: course.state) }
    ) { batch in
      try Task.checkCancellation()
      try run(batch, &course.state)
      course.state.position = done + batch.consumed
      course.state.batches += 1
      if configuration.accumulation > 1 {
        updater.accumulate(program, weight: lastWeight)
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

  /// The training images of an epoch, counted from 1, as indices.
  private func order(of epoch: Int) -> [Int] {
    guard configuration.drawsClassesEqually else {
      var generator = SeededGenerator(seed: configuration.seed, stream: UInt64(epoch))
      return training.samples.indices.shuffled(using: &generator)
    }
    return BalancedSampler(labels: training.samples.map(\.label), seed: configuration.seed).order(epoch: epoch - 1)
  }

  private func mixture(of batch: ImageBatch, at state: TrainingState) -> BatchMixture? {
    configuration.augmentation?.mixing?.mixture(
      count: batch.samples.count, width: batch.images.shape[3], height: batch.images.shape[2],
      seed: configuration.seed, step: state.epoch << 32 | state.batches)
  }

  /// The weight of the batch that ran last.
  private var lastWeight = 0.0

  private func run(_ batch: FrontierBatch, _ state: inout TrainingState) throws {
    let outputs = try program.forward(batch.inputs)
    let pure = targets.targets(of: batch.samples)
    let right = batch.mixture.map { targets.mixed(pure, by: $0) } ?? pure
    let evaluation = loss.evaluate(outputs: outputs, targets: right, weights: targets.weights(of: batch.samples)).total
    try requireFinite(evaluation, state)
    try program.backward(evaluation.gradient)
    try requireGradients(for: evaluation, &state)
    lastWeight = evaluation.totalWeight
    state.batchesRun = program.batchesRun
    state.sums.add(evaluation, images: batch.samples.count)
    state.sums.add { $0.add(outputs: outputs, columns: targets.columns[0], targets: right[0]) }
  }

  private func step(_ state: inout TrainingState) {
    state.lastRate = learningRate(at: state)
    updater.step(program, learningRate: state.lastRate, momentum: momentum(at: state))
    state.steps += 1
    state.updates = updater.updates
    state.accumulatedWeight = 0
  }

  private func requireFinite(_ evaluation: LossEvaluation, _ state: TrainingState) throws {
    guard evaluation.losses.allSatisfy(\.isFinite) else {
      throw TrainingError.diverged(epoch: state.epoch, learningRate: learningRate(at: state))
    }
  }

  /// In the first step, every tensor that trains must have a gradient: one that has none never would, and nobody would
  /// notice. A batch that is classified perfectly says nothing.
  private func requireGradients(for evaluation: LossEvaluation, _ state: inout TrainingState) throws {
    guard !state.hasSeenGradients, evaluation.gradient.floats.contains(where: { $0 != 0 }) else { return }
    state.hasSeenGradients = true
    for (name, gradient) in try program.gradients().tensors.sorted(by: { $0.key < $1.key })
    where !gradient.floats.contains(where: { $0 != 0 }) {
      throw TrainingError.noGradient(parameter: name)
    }
  }

  /// What the heads make of the validation images with the parameters as they are now.
  func validate(_ state: TrainingState, skip: (SkippedImage) -> Void) async throws -> ValidationPass {
    try await look(at: validation, state, skip: skip)
  }

  /// What the heads make of images as prediction would, with the parameters as they are now.
  func look(
    at source: FrontierSource, _ state: TrainingState, skip: (SkippedImage) -> Void
  ) async throws -> ValidationPass {
    try evaluator.load(keptParameters())
    var pass = ValidationPass()
    let order = Array(source.samples.indices)
    try await source.forEachBatch(of: order, size: batch, skip: skip) { batch in
      try Task.checkCancellation()
      guard let outputs = try evaluator.run(batch.inputs)[evaluator.graph.outputs[0]] else { return }
      let right = targets.targets(of: batch.samples)
      let evaluation = loss.evaluate(
        outputs: outputs, targets: right, weights: targets.weights(of: batch.samples)
      ).total
      // An epoch's last step shows here only.
      try requireFinite(evaluation, state)
      pass.sums.add(evaluation, images: batch.samples.count)
      pass.sums.add { $0.add(outputs: outputs, columns: targets.columns[0], targets: right[0]) }
      pass.outputs += outputs.floats
      pass.samples += batch.samples
    }
    return pass
  }

  func trainedParameters() throws -> Parameters { try program.trainedParameters() }

  /// What validation sees and the best epoch keeps: the weights as they are, or their averages.
  func keptParameters() throws -> Parameters {
    var parameters = try program.trainedParameters()
    parameters.merge(try updater.averagedParameters(program))
    return parameters
  }

  /// Numbers of an epoch's record beside loss and accuracy.
  func metrics(_ pass: ValidationPass) -> [String: Double] { targets.metrics(pass, monitor: configuration.monitor) }

  /// Replaces parameters that train.
  func load(_ parameters: Parameters) throws { try program.load(parameters) }
}

extension StageTraining {
  /// All that a checkpoint needs beside the state: parameters, and what the optimizer remembers.
  func tensors() throws -> [String: Tensor] {
    try updater.tensors(program)
  }

  /// Goes on from parameters and from what `tensors` has returned, of this stage or of the one before.
  func restore(parameters: Parameters, _ tensors: [String: Tensor], _ state: TrainingState) throws {
    try program.load(parameters)
    try updater.restore(
      tensors, updates: state.updates, accumulatedWeight: state.accumulatedWeight, in: program)
    program.batchesRun = state.batchesRun
  }
}

/// What one look at the validation images gave.
struct ValidationPass {
  var sums = EpochSums()
  /// Image by image what precedes the heads' last layers, all heads side by side.
  var outputs: [Float] = []
  var samples: [Sample] = []
}
