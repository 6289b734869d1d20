import GraftTensors

/// Learning from another network beside the labels (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network",
/// arXiv:1503.02531).
///
/// For the student's logits x, the teacher's z and the temperature T, with p = softmax(x / T) and q = softmax(z / T):
///
///     loss = α T² Σ qᵢ (log qᵢ − log pᵢ) + (1 − α) cross-entropy(x, target)
///     ∂loss/∂x = α T (p − q) + (1 − α) ∂cross-entropy/∂x
///
/// In PyTorch: `alpha * T**2 * kl_div(log_softmax(x / T), log_softmax(z / T), reduction="batchmean", log_target=True)
/// + (1 - alpha) * cross_entropy(x, target)`. T² keeps the gradient's size when the temperature changes.
///
/// The teacher's logits come with the targets (`Targets.taught`); images without a teacher, as in validation, are for
/// `withoutTeacher`. There are no class weights: what weighs classes is given as the images' weights. Extreme logits and
/// NaN are treated as by `SoftmaxCrossEntropy`.
public struct Distillation: Loss, Hashable {
  /// T, above 0: the higher, the more the teacher's second guesses count.
  public var temperature: Double
  /// The teacher's share, from 0 to 1.
  public var alpha: Double
  /// Label smoothing of the cross-entropy with the targets.
  public var smoothing: Double

  public init(temperature: Double = 4, alpha: Double = 0.9, smoothing: Double = 0) {
    self.temperature = temperature
    self.alpha = alpha
    self.smoothing = smoothing
  }

  /// The loss where there is no teacher.
  public var withoutTeacher: SoftmaxCrossEntropy { SoftmaxCrossEntropy(smoothing: smoothing) }

  /// - Precondition: targets are `taught`: classes or distributions with a teacher's logits, of the outputs' width.
  public func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation {
    guard case .taught(let targets, let teacher) = targets else {
      preconditionFailure("distillation is for targets with a teacher's logits, not for \(targets.kind)")
    }
    let rows = LossRows(outputs: outputs, count: targets.count, weights: weights)
    let width = rows.width
    precondition(
      teacher.shape == [targets.count, width],
      "a teacher's logits of the shape \(teacher.shape) where [\(targets.count), \(width)] is expected")
    let lessons = teacher.floats
    let truths = ClassTargets(targets, width: width, smoothing: smoothing, classWeights: nil, loss: "distillation")
    return rows.evaluate { row, logits, result in
      let lesson = lessons[row * width..<(row + 1) * width]
      let (hard, soft) = (LogSoftmax(logits), LogSoftmax(logits, temperature: temperature))
      let taught = LogSoftmax(lesson, temperature: temperature)
      let shares = truths.shares(ofRow: row)
      for (column, (logit, lesson)) in zip(logits, lesson).enumerated() {
        let probability = taught.probabilities[column]
        if probability != 0 {
          let teacher = Double(lesson) / temperature - taught.logSum
          let student = Double(logit) / temperature - soft.logSum
          result.loss += alpha * temperature * temperature * probability * (teacher - student)
        }
        if shares[column] != 0 { result.loss += (1 - alpha) * shares[column] * (hard.logSum - Double(logit)) }
        result.gradient[column] =
          alpha * temperature * (soft.probabilities[column] - probability)
          + (1 - alpha) * (hard.probabilities[column] - shares[column])
      }
      if hard.logSum.isNaN || taught.logSum.isNaN { result.loss = .nan }
    }
  }
}
