import GraftTensors

/// Cross-entropy between the sigmoid of each logit and whether its label holds, in nats; an image's loss is the mean over its
/// labels.
///
/// For a logit x, p = σ(x), a target t from 0 to 1 and the label's positive weight w:
///
///     loss = − w t log p − (1 − t) log(1 − p)        ∂loss/∂x = (1 − t) p − w t (1 − p)
///
/// `torch.nn.functional.binary_cross_entropy_with_logits` with its `pos_weight`
/// (https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html). As there, the mean does not divide by
/// the positive weights. Classes and distributions are taken as labels of which one holds (Wightman et al., arXiv:2110.00476,
/// train ImageNet so). Logits of ±10⁴ are no trouble; one that is no finite number makes its image's loss and its own gradient
/// NaN.
public struct BinaryCrossEntropy: Loss, Hashable {
  /// How much each label counts where it holds, as against where it does not: above 1 for rare labels. Nil for 1 each.
  public var positiveWeights: [Float]?

  public init(positiveWeights: [Float]? = nil) {
    self.positiveWeights = positiveWeights
  }

  /// - Precondition: targets are labels, classes or distributions.
  public func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation {
    precondition(
      [.labels, .classes, .distributions].contains(targets.kind),
      "binary cross-entropy is for labels or classes, not for \(targets.kind)")
    let rows = LossRows(outputs: outputs, count: targets.count, weights: weights)
    let width = rows.width
    if let positiveWeights {
      precondition(positiveWeights.count == width, "\(positiveWeights.count) positive weights for \(width) labels")
    }
    let truths = targets.rows(width: width)
    return rows.evaluate { row, logits, result in
      for (column, logit) in logits.enumerated() {
        let target = Double(truths[row * width + column])
        let weight = Double(positiveWeights?[column] ?? 1)
        let odds = LogOdds(logit)
        result.loss += odds.crossEntropy(target, positiveWeight: weight) / Double(width)
        result.gradient[column] =
          ((1 - target) * odds.probability - weight * target * odds.complement) / Double(width)
      }
    }
  }
}
