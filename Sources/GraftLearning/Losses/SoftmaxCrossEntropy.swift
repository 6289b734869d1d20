import GraftTensors

/// Cross-entropy between the softmax of the logits and the right class of each image, or a distribution over classes; in nats.
///
/// For logits x, p = softmax(x) and a target t that sums to 1:
///
///     t′ᵢ  = wᵢ ((1 − smoothing) tᵢ + smoothing / classes)
///     loss = − Σ t′ᵢ log pᵢ        ∂loss/∂xᵢ = pᵢ Σ t′ⱼ − t′ᵢ
///
/// with tᵢ = 1 for the right class and the class weights wᵢ = 1 where none are given: `torch.nn.functional.cross_entropy` with
/// its `label_smoothing` and `weight`
/// (https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html; smoothing is that of Szegedy et al.,
/// arXiv:1512.00567). As there, the mean divides by the weights of the right classes, and where targets are distributions by the
/// number of images.
///
/// The largest logit is subtracted first, so that no exponential overflows, and sums are kept in double precision; logits of
/// ±10⁴ are no trouble. A logit that is NaN, or plus infinity, makes its image's loss and gradient NaN rather than hiding.
public struct SoftmaxCrossEntropy: Loss, Hashable {
  /// The share of the target, from 0 to 1, that is spread evenly over all classes.
  public var smoothing: Double
  /// How much each class counts; nil for all the same.
  public var classWeights: [Float]?

  public init(smoothing: Double = 0, classWeights: [Float]? = nil) {
    self.smoothing = smoothing
    self.classWeights = classWeights
  }

  /// - Precondition: targets are classes or distributions.
  public func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation {
    let rows = LossRows(outputs: outputs, count: targets.count, weights: weights)
    let targets = ClassTargets(
      targets, width: rows.width, smoothing: smoothing, classWeights: classWeights, loss: "cross-entropy")
    return rows.evaluate { row, logits, result in
      let softmax = LogSoftmax(logits)
      let shares = targets.shares(ofRow: row)
      let total = shares.reduce(0, +)
      for (column, logit) in logits.enumerated() {
        // A class that does not count may have a logit of minus infinity, as masked classes do.
        if shares[column] != 0 { result.loss += shares[column] * (softmax.logSum - Double(logit)) }
        result.gradient[column] = total * softmax.probabilities[column] - shares[column]
      }
      if softmax.logSum.isNaN { result.loss = .nan }
      result.weight = targets.weight(ofRow: row)
    }
  }
}
