import Foundation
import GraftTensors

/// Cross-entropy in which what is classified well already counts less (Lin et al., "Focal Loss for Dense Object Detection",
/// arXiv:1708.02002).
///
/// For classes, with p = softmax(x), targets t and class weights w:
///
///     loss = − Σ wᵢ tᵢ (1 − pᵢ)^γ log pᵢ
///
/// whose mean is taken as that of `SoftmaxCrossEntropy`, which it is for γ = 0. For labels, with p = σ(x) and
/// u = t (1 − p) + (1 − t) p, how far off the label is:
///
///     loss = aₜ u^γ (− t log p − (1 − t) log(1 − p)),    aₜ = α t + (1 − α)(1 − t)
///
/// and the mean over the labels: torchvision's `sigmoid_focal_loss`
/// (https://docs.pytorch.org/vision/stable/generated/torchvision.ops.sigmoid_focal_loss.html), whose α is 0.25 by default.
/// Logits of ±10⁴ are no trouble, one that is NaN shows.
public struct FocalLoss: Loss, Hashable {
  /// γ: how fast the good ones fade, at least 0.
  public var gamma: Double
  /// α, for labels: what a label that holds counts, from 0 to 1; one that does not counts 1 − α. Nil for 1 each.
  public var alpha: Double?
  /// For classes: how much each counts; nil for all the same.
  public var classWeights: [Float]?

  public init(gamma: Double = 2, alpha: Double? = nil, classWeights: [Float]? = nil) {
    self.gamma = gamma
    self.alpha = alpha
    self.classWeights = classWeights
  }

  /// - Precondition: targets are classes, distributions or labels.
  public func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation {
    let rows = LossRows(outputs: outputs, count: targets.count, weights: weights)
    if case .labels = targets { return evaluateLabels(rows, targets.rows(width: rows.width)) }
    return evaluateClasses(
      rows,
      ClassTargets(targets, width: rows.width, smoothing: 0, classWeights: classWeights, loss: "focal loss"))
  }

  private func evaluateClasses(_ rows: LossRows, _ targets: ClassTargets) -> LossEvaluation {
    rows.evaluate { row, logits, result in
      let softmax = LogSoftmax(logits)
      let shares = targets.shares(ofRow: row)
      // Each class's pᵢ ∂loss/∂pᵢ; the softmax makes slopeᵢ − pᵢ Σ slopeⱼ of them.
      var slopes = [Double](repeating: 0, count: logits.count)
      for (column, logit) in logits.enumerated() where shares[column] != 0 {
        let logarithm = Double(logit) - softmax.logSum
        let probability = softmax.probabilities[column]
        // Not 1 − p, of which little is left where p is nearly 1.
        let miss = -expm1(logarithm)
        result.loss -= shares[column] * pow(miss, gamma) * logarithm
        // A logit of minus infinity: zero times infinity, where the limit is zero.
        let fall = probability == 0 ? 0 : fading(of: miss) * probability * logarithm
        slopes[column] = shares[column] * (fall - pow(miss, gamma))
      }
      let sum = slopes.reduce(0, +)
      for column in slopes.indices {
        result.gradient[column] = slopes[column] - softmax.probabilities[column] * sum
      }
      if softmax.logSum.isNaN { result.loss = .nan }
      result.weight = targets.weight(ofRow: row)
    }
  }

  private func evaluateLabels(_ rows: LossRows, _ targets: [Float]) -> LossEvaluation {
    rows.evaluate { row, logits, result in
      for (column, logit) in logits.enumerated() {
        let target = Double(targets[row * rows.width + column])
        let odds = LogOdds(logit)
        let miss = target * odds.complement + (1 - target) * odds.probability
        let entropy = odds.crossEntropy(target)
        let balance = (alpha.map { $0 * target + (1 - $0) * (1 - target) } ?? 1) / Double(rows.width)
        let missSlope = (1 - 2 * target) * odds.probability * odds.complement
        result.loss += balance * pow(miss, gamma) * entropy
        result.gradient[column] =
          balance * (pow(miss, gamma) * (odds.probability - target) + fading(of: miss) * missSlope * entropy)
      }
    }
  }

  /// The slope of miss^γ; where nothing is missed, 0 rather than infinity: what it is multiplied by vanishes faster.
  private func fading(of miss: Double) -> Double {
    gamma == 0 || miss == 0 ? 0 : gamma * pow(miss, gamma - 1)
  }
}
