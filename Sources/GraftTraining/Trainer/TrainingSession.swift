import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors

/// One training from its first image to its result: stage after stage, epoch after epoch, with a checkpoint now and then.
@EngineActor
final class TrainingSession {
  let trainer: Trainer
  let report: (TrainingEvent) -> Void
  private let course = TrainingCourse()
  /// What the best epoch has changed, of this stage and of those before, and what it made of the validation images.
  private var best = BestEpoch()
  /// What earlier stages have changed.
  private var changed = Parameters()
  private var checkpoints: CheckpointWriter?
  private let photographs: PhotographHashes
  var skipped: [SkippedImage] = []
  /// What the teacher says, for all stages; nil without one.
  private(set) var lessons: Lessons?
  /// Images that the last stage found remembered.
  private var remembered = 0
  var clock = ProgressClock()

  private var configuration: TrainingConfiguration { trainer.configuration }
  var state: TrainingState {
    get { course.state }
    _modify { yield &course.state }
  }
  private var totalEpochs: Int { trainer.epochs }

  init(
    _ trainer: Trainer, checkpoints: CheckpointSettings? = nil, report: @escaping (TrainingEvent) -> Void
  ) async throws {
    self.trainer = trainer
    self.report = report
    photographs = PhotographHashes(trainer)
    if let checkpoints {
      self.checkpoints = try await CheckpointWriter(checkpoints, identity: trainer.identity(photographs))
    }
  }

  func run() async throws -> TrainingResult {
    let start = ContinuousClock.now
    let checkpoint = try checkpoints?.newest()
    if let checkpoint {
      (state, changed) = (checkpoint.state, checkpoint.parameters)
      best = BestEpoch(checkpoint.best, among: trainer.validation)
      report(.resumed(epoch: state.epoch))
    }
    var memory = checkpoint?.optimizer ?? [:]
    var stage: StageTraining?
    var ending = Ending.complete
    do {
      while state.stage < trainer.stages.count {
        // The last stage's programs go before the next one's come.
        stage = nil
        let current = try await begin(memory)
        stage = current
        ending = try await run(current)
        changed.merge(try current.keptParameters())
        memory = try current.tensors()
        if ending == .stoppedEarly { break }
        state.beginStage(state.stage + 1)
      }
    } catch is CancellationError {
      ending = .interrupted
      if let stage { try save(stage) }
    }
    if let stage { remembered = stage.sources.remembered }
    guard let record = state.best else { throw TrainingError.cancelledBeforeFirstEpoch }
    var model = trainer.model
    model.parameters.merge(best.parameters)
    model = try model.merged()
    let validation = TaskTargets(model).predictions(outputs: best.outputs, of: best.samples)
    return TrainingResult(
      history: state.history, best: record, trainingImages: state.trainingImages,
      validationImages: best.samples.count, skipped: skipped, remembered: remembered,
      seconds: start.duration(to: .now).seconds, wasInterrupted: ending == .interrupted,
      stoppedEarly: ending == .stoppedEarly, model: model, validation: validation)
  }

  private enum Ending {
    case complete, stoppedEarly, interrupted
  }

  /// Compiles the stage that is in progress and looks at its images.
  private func begin(_ memory: [String: Tensor]) async throws -> StageTraining {
    if trainer.stages.count > 1 { report(.stageBegan(state.stage + 1, of: trainer.stages.count)) }
    var current = trainer
    current.model = try trainer.model(ofStage: state.stage)
    current.model.parameters.merge(changed)
    if let teacher = trainer.teacher, lessons == nil {
      lessons = try await Lessons(teacher, trainer, photographs: photographs)
    }
    let stage = try await StageTraining(
      current, stage: trainer.stages[state.stage], starts: trainer.model.parameters, photographs: photographs,
      lessons: lessons)
    try stage.restore(parameters: changed, memory, state)
    try await prepare(stage)
    try await leaveOutUnreadable(from: stage)
    state.trainingImages = stage.training.labelledCount
    return stage
  }

  /// Runs what is left of the stage that is in progress.
  private func run(_ stage: StageTraining) async throws -> Ending {
    if let solver = stage.stage.solver { return try await solve(stage, by: solver) }
    while state.epochInStage <= stage.stage.epochs {
      let start = ContinuousClock.now
      let before = state.secondsBefore
      try await prepare(stage.view(at: state), of: stage)
      state.unreadable = unreadable(in: stage)
      state.trainingImages = stage.training.labelledCount
      clock.begin(.training(epoch: state.epoch, of: totalEpochs), total: state.trainingImages)
      try await stage.runEpoch(course) {
        meet($0)
      } report: {
        report(.progress(clock.progress($0)))
      } afterStep: {
        guard checkpoints?.isDue == true else { return }
        state.secondsBefore = before + start.duration(to: .now).seconds
        try save(stage)
      }
      forgetMet(in: stage)
      try await endEpoch(stage, seconds: before + start.duration(to: .now).seconds)
      if let patience = configuration.patience, state.epochsSinceBest >= patience { return .stoppedEarly }
    }
    return .complete
  }

  /// Computes the head instead of training it: an epoch of its own in the history.
  private func solve(_ stage: StageTraining, by solver: HeadSolver) async throws -> Ending {
    guard state.epochInStage == 1 else { return .complete }
    let start = ContinuousClock.now
    for view in 0..<stage.sources.plan.views { try await prepare(view, of: stage) }
    clock.begin(.training(epoch: state.epoch, of: totalEpochs), total: state.trainingImages)
    try stage.load(try await stage.solved(by: solver, trainer))
    state.sums = try await stage.look(at: stage.training, state) { note($0) }.sums
    try await endEpoch(stage, seconds: start.duration(to: .now).seconds)
    return .complete
  }

  private func watchesLoss(_ record: EpochRecord) -> Bool {
    (configuration.monitor ?? (record.valAccuracy == nil ? .loss : .accuracy)).better == .lower
  }

  private func endEpoch(_ stage: StageTraining, seconds: Double) async throws {
    let pass = try await stage.validate(state) { note($0) }
    try requireImages(stage)
    let record = EpochRecord(
      epoch: state.epoch, stage: state.stage + 1, loss: state.sums.meanLoss, accuracy: state.sums.score.value,
      valLoss: pass.sums.meanLoss, valAccuracy: pass.sums.score.value, metrics: stage.metrics(pass),
      learningRate: state.lastRate, seconds: seconds, coral: state.sums.alignment?.value)
    state.history.append(record)
    if state.plateau == nil {
      state.plateau = configuration.schedule.plateau(watching: watchesLoss(record) ? .lower : .higher)
    }
    if let value = record.value(of: configuration.monitor) { state.plateau?.observe(value) }
    if state.best.map({ record.isBetter(than: $0, by: configuration.monitor) }) ?? true {
      state.best = record
      state.epochsSinceBest = 0
      best.parameters = changed
      best.parameters.merge(try stage.keptParameters())
      (best.outputs, best.samples) = (pass.outputs, pass.samples)
    } else {
      state.epochsSinceBest += 1
    }
    state.beginEpoch(state.epoch + 1, inStage: state.epochInStage + 1)
    report(.epochEnded(record))
  }

  /// Writes a checkpoint of the training as it stands; a disk that refuses costs the checkpoint and not the training.
  private func save(_ stage: StageTraining) throws {
    guard checkpoints != nil else { return }
    var parameters = changed
    parameters.merge(try stage.trainedParameters())
    let checkpoint = Checkpoint(
      state: state, parameters: parameters, optimizer: try stage.tensors(),
      best: best.tensors(among: trainer.validation))
    if let reason = checkpoints?.write(checkpoint) {
      report(.checkpointFailed(reason: reason, newest: checkpoints?.newestName))
    }
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
