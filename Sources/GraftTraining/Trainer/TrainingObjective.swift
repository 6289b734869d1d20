import GraftEngine
import GraftImages
import GraftLearning
import GraftTensors

/// What a training makes small: the loss of its heads against labels, or against labels and what a teacher says; and where there is
/// a target domain, how far its logits' covariance is from that of the labelled images.
@EngineActor
struct TrainingObjective {
  let targets: TaskTargets
  private let loss: CompositeLoss
  /// The loss where there is no teacher, as in validation.
  private let untaught: CompositeLoss
  private let lessons: Lessons?
  /// What the distance to the target domain is multiplied by; nil without one.
  private let alignment: Double?

  init(_ trainer: Trainer, lessons: Lessons? = nil) {
    let (configuration, training) = (trainer.configuration, trainer.training)
    targets = TaskTargets(trainer.model)
    self.lessons = lessons
    alignment = trainer.target?.weight
    loss = CompositeLoss(targets, configuration, training: training)
    untaught = CompositeLoss(targets, configuration.withoutTeacher, training: training)
  }

  /// What a batch's outputs come to, and the way to better ones.
  ///
  /// - Parameters:
  ///   - outputs: `[n, width]`, what precedes the heads' last layers.
  ///   - view: the number of the view that the batch's images were seen in.
  func evaluated(_ outputs: Tensor, _ batch: FrontierBatch, view: Int) -> StepEvaluation {
    guard let alignment else { return compared(outputs, batch.samples, batch.mixture, view: view) }
    let rows = DomainRows(batch.samples)
    let (source, target) = (
      DomainRows.gathered(rows.labelled, of: outputs), DomainRows.gathered(rows.targets, of: outputs)
    )
    var evaluation = compared(source, rows.labelled.map { batch.samples[$0] }, nil, view: view)
    let distance = CORAL().evaluate(source: source, target: target)
    evaluation.alignment = distance.loss
    evaluation.gradient = rows.gradient(
      evaluation.gradient, weight: alignment, distance.sourceGradient, distance.targetGradient,
      count: batch.samples.count)
    return evaluation
  }

  /// Labelled images' outputs, held against labels and lessons.
  private func compared(
    _ outputs: Tensor, _ samples: [Sample], _ mixture: BatchMixture?, view: Int
  ) -> StepEvaluation {
    let pure = targets.targets(of: samples)
    var right = mixture.map { targets.mixed(pure, by: $0) } ?? pure
    if let lessons { right[0] = .taught(right[0], teacher: lessons.logits(of: samples, view: view)) }
    return evaluation(of: outputs, samples, right, by: loss)
  }

  /// What outputs for images come to, held against their labels alone.
  func validated(_ outputs: Tensor, _ samples: [Sample]) -> StepEvaluation {
    evaluation(of: outputs, samples, targets.targets(of: samples), by: untaught)
  }

  private func evaluation(
    of outputs: Tensor, _ samples: [Sample], _ right: [Targets], by loss: CompositeLoss
  ) -> StepEvaluation {
    let evaluation = loss.evaluate(outputs: outputs, targets: right, weights: targets.weights(of: samples)).total
    var score = RunningScore()
    score.add(outputs: outputs, columns: targets.columns[0], targets: right[0])
    return StepEvaluation(labelled: evaluation, images: samples.count, score: score, gradient: evaluation.gradient)
  }
}

/// What one batch came to.
struct StepEvaluation {
  /// The loss of the images that a label is known of.
  let labelled: LossEvaluation
  /// How many they are.
  let images: Int
  let score: RunningScore
  /// Of all that is made small, with respect to the outputs: their shape.
  var gradient: Tensor
  /// How far apart the domains were, before λ; nil without a target domain.
  var alignment: Double?

  var isFinite: Bool { labelled.losses.allSatisfy(\.isFinite) && alignment?.isFinite ?? true }
}
