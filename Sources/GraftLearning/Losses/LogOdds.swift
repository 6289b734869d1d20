import Foundation

/// The logit of one label, and its probability either way, none of which loses its digits where the other is nearly 1.
///
/// An infinite logit counts as NaN: a network that puts one out has diverged.
struct LogOdds {
  /// σ(x).
  let probability: Double
  /// 1 − σ(x) = σ(−x).
  let complement: Double
  /// − log σ(x).
  let positiveLoss: Double
  /// − log(1 − σ(x)).
  let negativeLoss: Double

  init(_ logit: Float) {
    let logit = logit.isFinite ? Double(logit) : .nan
    let small = exp(-abs(logit))
    let (likely, unlikely) = (1 / (1 + small), small / (1 + small))
    let rest = log1p(small)
    (probability, complement) = logit < 0 ? (unlikely, likely) : (likely, unlikely)
    positiveLoss = (logit < 0 ? -logit : 0) + rest
    negativeLoss = (logit < 0 ? 0 : logit) + rest
  }

  /// − t log σ(x) − (1 − t) log(1 − σ(x)), the first part times `positiveWeight`.
  func crossEntropy(_ target: Double, positiveWeight: Double = 1) -> Double {
    positiveWeight * target * positiveLoss + (1 - target) * negativeLoss
  }
}
