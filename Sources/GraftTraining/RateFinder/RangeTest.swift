import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors

/// The steps of a learning-rate finder, on a program of its own.
@EngineActor
final class RangeTest {
  private let trainer: Trainer
  private let settings: LearningRateFinder.Settings
  private let program: TrainingProgram
  private let sources: FrontierSources
  private let batch: Int
  private let lessons: Lessons?
  private let objective: TrainingObjective
  private var updater: ParameterUpdater
  private var curve: LearningRateCurve
  /// Of the step in progress.
  private var (sum, weight, batches) = (0.0, 0.0, 0)
  private var clock = ProgressClock()

  private var configuration: TrainingConfiguration { trainer.configuration }

  init(_ trainer: Trainer, _ stage: TrainingStage, _ settings: LearningRateFinder.Settings) async throws {
    self.trainer = trainer
    self.settings = settings
    let (model, configuration) = (trainer.model, trainer.configuration)
    let logits = try model.logits
    let frontier = try stage.plan.frontier(of: logits).map { try logits.node($0) }
    batch = max(1, min(configuration.batch, trainer.training.count))
    program = try TrainingProgram(
      logits.suffix(after: frontier.map(\.name)), parameters: model.parameters, plan: stage.plan, batch: batch,
      precision: configuration.precision, memory: configuration.memory, seed: configuration.seed)
    sources = try await FrontierSources(trainer, logits: logits, frontier: frontier)
    lessons = if let teacher = trainer.teacher { try await Lessons(teacher, trainer) } else { nil }
    objective = TrainingObjective(trainer, lessons: lessons)
    updater = ParameterUpdater(configuration, plans: stage.parameters)
    try updater.remember(starts: model.parameters, in: program)
    curve = LearningRateCurve(settings)
  }

  /// Ends a pass over the images early.
  private struct Enough: Error {}

  func run(_ report: (TrainingEvent) -> Void) async throws -> LearningRateCurve {
    var told: Set<String> = []
    func skip(_ image: SkippedImage) {
      if told.insert(image.sample.path).inserted { report(.skipped(image)) }
    }
    clock.begin(sources.hasFrozenPart ? .freezing : .decoding, total: trainer.training.count)
    try await sources.prepare {
      report(.progress(clock.progress($0)))
    } skip: {
      skip($0)
    }
    try requireImages()
    report(
      .prepared(
        images: sources.training.samples.count, hasFrozenPart: sources.hasFrozenPart, isCached: sources.isCached,
        remembered: sources.remembered))
    let perStep = batch * configuration.accumulation
    var epoch = 0
    while !curve.hasEnded {
      epoch += 1
      let view = configuration.view(in: sources.plan, epoch: epoch, epochInStage: epoch)
      if !sources.training.isPrepared(view) {
        clock.begin(.freezing, total: sources.training.samples.count)
        try await sources.training.prepare(view: view) {
          report(.progress(clock.progress($0)))
        } skip: {
          skip($0)
        }
      }
      if let lessons {
        clock.begin(.teaching, total: sources.training.samples.count)
        try await lessons.prepare(view: view) {
          report(.progress(clock.progress($0)))
        } skip: {
          skip($0)
        }
        sources.training.forget(lessons.unseen)
      }
      try requireImages()
      if epoch == 1 { clock.begin(.training(epoch: 1, of: 1), total: settings.steps * perStep) }
      do {
        try await sources.training.forEachBatch(of: order(of: epoch), view: view, size: batch, skip: skip, mix: mixture)
        { batch in
          try Task.checkCancellation()
          try run(batch, view: view)
          report(.progress(clock.progress(curve.points.count * perStep)))
          if curve.hasEnded { throw Enough() }
        }
      } catch is Enough {}
      // Else no image counts anything, and none ever would.
      if curve.points.isEmpty { throw TrainingError.noImages(role: "training", skipped: 0) }
    }
    return curve
  }

  /// The images of an epoch, in batches that are all full: the losses of others would be noisier.
  private func order(of epoch: Int) -> [Int] {
    var order = configuration.order(of: sources.training.samples, epoch: epoch)
    if order.count >= batch { order.removeLast(order.count % batch) }
    return order
  }

  private func mixture(of batch: ImageBatch) -> BatchMixture? {
    configuration.augmentation?.mixing?.mixture(
      count: batch.samples.count, width: batch.images.shape[3], height: batch.images.shape[2],
      seed: configuration.seed, step: curve.points.count << 32 | batches)
  }

  private func run(_ batch: FrontierBatch, view: Int) throws {
    let evaluation = objective.evaluated(try program.forward(batch.inputs), batch, view: view)
    sum += evaluation.labelled.sum
    weight += evaluation.labelled.totalWeight
    batches += 1
    guard evaluation.isFinite else { return endStep() }
    try program.backward(evaluation.gradient)
    if configuration.accumulation > 1 { updater.accumulate(program, weight: evaluation.labelled.totalWeight) }
    guard batches == configuration.accumulation else { return }
    let rate = settings.rate(of: curve.points.count)
    endStep()
    if !curve.hasEnded { updater.step(program, learningRate: rate) }
  }

  /// Notes the loss that the rates so far have led to.
  private func endStep() {
    // Images that count nothing say nothing.
    if weight > 0 { curve.add(loss: sum / weight, rate: settings.rate(of: curve.points.count)) }
    (sum, weight, batches) = (0, 0, 0)
  }

  private func requireImages() throws {
    guard sources.training.samples.isEmpty else { return }
    throw TrainingError.noImages(role: "training", skipped: sources.training.skipped.count)
  }
}
