import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Logging

/// One training from its first image to its result.
@EngineActor
final class TrainingSession {
  private let trainer: Trainer
  private let report: (TrainingEvent) -> Void
  private let program: TrainingProgram
  /// The suffix as it predicts: without dropout, with the inference kernels.
  private let evaluator: InferenceProgram
  private let sources: FrontierSources
  private let needsFullBatches: Bool
  /// Images in one step: as configured, but never more than there are.
  private let batch: Int
  private let loss = SoftmaxCrossEntropy()
  private var updater: ParameterUpdater
  private var clock = ProgressClock()
  private var hasSeenGradients = false

  private var configuration: TrainingConfiguration { trainer.configuration }
  private var training: FrontierSource { sources.training }
  private var validation: FrontierSource { sources.validation }

  init(_ trainer: Trainer, report: @escaping (TrainingEvent) -> Void) async throws {
    self.trainer = trainer
    self.report = report
    let configuration = trainer.configuration
    let logits = try trainer.model.logits
    let frontier = try trainer.plan.frontier(of: logits).map { try logits.node($0) }
    let suffix = try logits.suffix(after: frontier.map(\.name))
    let parameters = trainer.model.parameters

    let batch = max(1, min(configuration.batch, trainer.training.count))
    self.batch = batch
    program = try TrainingProgram(
      suffix, parameters: parameters, plan: trainer.plan, batch: batch, precision: configuration.precision,
      memory: configuration.memory, seed: configuration.seed)
    evaluator = try InferenceProgram(
      suffix, parameters: parameters, batch: batch, precision: configuration.precision)
    sources = try await FrontierSources(trainer, logits: logits, frontier: frontier)
    needsFullBatches = trainer.plan.needsFullBatches(in: suffix)
    updater = ParameterUpdater(configuration)
    Logger(label: "graft.training").debug(
      "compiled", metadata: ["frontier": "\(frontier.map(\.name))", "reorders": "\(program.reorderCount)"])
  }

  func run() async throws -> TrainingResult {
    let start = ContinuousClock.now
    try await prepare()
    var history: [EpochRecord] = []
    var best: (record: EpochRecord, parameters: Parameters)?
    var wasInterrupted = false
    do {
      for epoch in 1...configuration.epochs {
        let record = try await runEpoch(epoch)
        history.append(record)
        if best.map({ record.isBetter(than: $0.record) }) ?? true {
          best = (record, try program.trainedParameters())
        }
        report(.epochEnded(record))
      }
    } catch is CancellationError {
      wasInterrupted = true
    }
    guard let best else { throw TrainingError.cancelledBeforeFirstEpoch }
    var model = trainer.model
    model.parameters.merge(best.parameters)
    return TrainingResult(
      history: history, best: best.record, trainingImages: training.samples.count,
      validationImages: validation.samples.count, skipped: training.skipped + validation.skipped,
      remembered: sources.remembered, seconds: start.duration(to: .now).seconds, wasInterrupted: wasInterrupted,
      model: model)
  }

  private func prepare() async throws {
    clock.begin(
      sources.hasFrozenPart ? .freezing : .decoding, total: trainer.training.count + trainer.validation.count)
    do {
      try await sources.prepare {
        report(.progress(clock.progress($0)))
      } skip: {
        report(.skipped($0))
      }
    } catch is CancellationError {
      throw TrainingError.cancelledBeforeFirstEpoch
    }
    try requireImages()
    report(
      .prepared(
        images: training.samples.count + validation.samples.count, hasFrozenPart: sources.hasFrozenPart,
        isCached: sources.isCached, remembered: sources.remembered))
  }

  /// Computes a view of the training images that no epoch has used yet.
  private func prepare(_ view: Int) async throws {
    guard !training.isPrepared(view) else { return }
    clock.begin(.freezing, total: training.samples.count)
    try await training.prepare(view: view) {
      report(.progress(clock.progress($0)))
    } skip: {
      report(.skipped($0))
    }
    try requireImages()
  }

  private func requireImages() throws {
    for (role, source) in [("training", training), ("validation", validation)] where source.samples.isEmpty {
      throw TrainingError.noImages(role: role, skipped: source.skipped.count)
    }
  }

  private func runEpoch(_ epoch: Int) async throws -> EpochRecord {
    let start = ContinuousClock.now
    let view = sources.view(of: epoch)
    try await prepare(view)
    clock.begin(.training(epoch: epoch, of: configuration.epochs), total: training.samples.count)
    var generator = SeededGenerator(seed: configuration.seed, stream: UInt64(epoch))
    var order = training.samples.indices.shuffled(using: &generator)
    // The statistics of a batch that is not full would be those of its padding. Whom it hits changes with the epoch.
    if needsFullBatches { order.removeLast(order.count % batch) }
    var trainingLoss = RunningMean()
    var trainingAccuracy = Accuracy()
    var batches = 0
    try await training.forEachBatch(of: order, view: view, size: batch, skip: { report(.skipped($0)) }) { batch in
      try Task.checkCancellation()
      let logits = try program.forward(batch.inputs)
      let evaluation = loss.evaluate(outputs: logits, targets: .classes(batch.labels))
      try requireFinite(evaluation, epoch)
      try program.backward(evaluation.gradient)
      try requireGradients(for: evaluation)
      batches += 1
      if configuration.accumulation > 1 { updater.accumulate(program, weight: batch.labels.count) }
      if batches % configuration.accumulation == 0 { updater.step(program) }
      trainingLoss.add(evaluation.losses)
      trainingAccuracy.add(scores: logits, labels: batch.labels)
      report(.progress(clock.progress(trainingLoss.count)))
    }
    // An epoch's last step has what is left.
    if updater.hasAccumulated { updater.step(program) }
    let (valLoss, valAccuracy) = try await validate(epoch)
    return EpochRecord(
      epoch: epoch, loss: trainingLoss.value ?? .nan, accuracy: trainingAccuracy.value ?? .nan, valLoss: valLoss,
      valAccuracy: valAccuracy, learningRate: configuration.learningRate,
      seconds: start.duration(to: .now).seconds)
  }

  private func requireFinite(_ evaluation: LossEvaluation, _ epoch: Int) throws {
    guard evaluation.losses.allSatisfy(\.isFinite) else {
      throw TrainingError.diverged(epoch: epoch, learningRate: configuration.learningRate)
    }
  }

  /// In the first step, every tensor that trains must have a gradient: one that has none never would, and nobody would
  /// notice. A batch that is classified perfectly says nothing.
  private func requireGradients(for evaluation: LossEvaluation) throws {
    guard !hasSeenGradients, evaluation.gradient.floats.contains(where: { $0 != 0 }) else { return }
    hasSeenGradients = true
    for (name, gradient) in try program.gradients().tensors.sorted(by: { $0.key < $1.key })
    where !gradient.floats.contains(where: { $0 != 0 }) {
      throw TrainingError.noGradient(parameter: name)
    }
  }

  private func validate(_ epoch: Int) async throws -> (loss: Double, accuracy: Double) {
    try evaluator.load(program.trainedParameters())
    var meanLoss = RunningMean()
    var accuracy = Accuracy()
    let order = Array(validation.samples.indices)
    try await validation.forEachBatch(of: order, size: batch, skip: { report(.skipped($0)) }) { batch in
      try Task.checkCancellation()
      guard let logits = try evaluator.run(batch.inputs)[evaluator.graph.outputs[0]] else { return }
      let evaluation = loss.evaluate(outputs: logits, targets: .classes(batch.labels))
      // An epoch's last step shows here only.
      try requireFinite(evaluation, epoch)
      meanLoss.add(evaluation.losses)
      accuracy.add(scores: logits, labels: batch.labels)
    }
    try requireImages()
    return (meanLoss.value ?? .nan, accuracy.value ?? .nan)
  }
}

extension EpochRecord {
  func isBetter(than other: EpochRecord) -> Bool {
    (valAccuracy, -valLoss) > (other.valAccuracy, -other.valLoss)
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
