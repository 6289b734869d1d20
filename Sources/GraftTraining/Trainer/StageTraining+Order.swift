import GraftImages
import GraftLearning
import GraftTensors

/// What comes next in a stage: images, views, rates.
extension StageTraining {
  /// The training images that a label is known of, as indices: all but those of the target domain.
  var labelled: [Int] { training.samples.indices.filter { !training.samples[$0].targets.isEmpty } }

  /// How many steps an epoch has, at most.
  private var stepsPerEpoch: Int {
    let images = training.labelledCount
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
  func momentum(at state: TrainingState) -> Double? {
    configuration.schedule.momentum(
      atStep: state.steps, of: stage.epochs * stepsPerEpoch, stepsPerEpoch: stepsPerEpoch)
  }

  /// The number of the view of the training images in the epoch that is in progress.
  func view(at state: TrainingState) -> Int {
    configuration.view(in: sources.plan, epoch: state.epoch, epochInStage: state.epochInStage)
  }

  /// The training images of an epoch, counted from 1, as indices; after each batch of labelled ones as many of the target domain.
  func order(of epoch: Int) -> [Int] {
    let labelled = labelled
    var order = configuration.order(of: labelled.map { training.samples[$0] }, epoch: epoch).map { labelled[$0] }
    // The statistics of a batch that is not full would be those of its padding. Whom it hits changes with the epoch.
    if needsFullBatches { order.removeLast(order.count % batch) }
    let targets = training.samples.indices.filter { training.samples[$0].targets.isEmpty }
    return DomainPairs(seed: configuration.seed, targets: targets)
      .order(order, batch: batch, before: (epoch - 1) * labelled.count)
  }

  func mixture(of batch: ImageBatch, at state: TrainingState) -> BatchMixture? {
    configuration.augmentation?.mixing?.mixture(
      count: batch.samples.count, width: batch.images.shape[3], height: batch.images.shape[2],
      seed: configuration.seed, step: state.epoch << 32 | state.batches)
  }
}
