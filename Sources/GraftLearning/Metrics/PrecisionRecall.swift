/// How well one class, or several together, is found.
public struct PrecisionRecall: Hashable, Sendable, Codable {
  /// The share of what was taken for the class that is of it; nil where nothing was.
  public let precision: Double?
  /// The share of the class that was found; nil where there is none of it.
  public let recall: Double?
  /// The harmonic mean of both: 2 · right / (taken + there); nil where nothing was taken for the class or is of it.
  public let f1: Double?
  /// The weight of what is of the class.
  public let support: Double

  init(right: Double, taken: Double, support: Double) {
    precision = taken > 0 ? right / taken : nil
    recall = support > 0 ? right / support : nil
    f1 = taken + support > 0 ? 2 * right / (taken + support) : nil
    self.support = support
  }

  private init(precision: Double?, recall: Double?, f1: Double?, support: Double) {
    (self.precision, self.recall, self.f1, self.support) = (precision, recall, f1, support)
  }

  /// The weighted mean of several; what is nil counts as 0, as in scikit-learn. Nil without weight.
  static func mean(_ parts: [PrecisionRecall], weights: [Double]) -> PrecisionRecall {
    let total = weights.reduce(0, +)
    func mean(_ value: (PrecisionRecall) -> Double?) -> Double? {
      total > 0 ? zip(parts, weights).reduce(0) { $0 + (value($1.0) ?? 0) * $1.1 } / total : nil
    }
    return PrecisionRecall(
      precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1),
      support: parts.reduce(0) { $0 + $1.support })
  }
}

/// Precision, recall and F1 over all classes or labels.
///
/// A class for which one of them is not defined counts as 0 in a mean, as in scikit-learn.
public struct AveragedPrecisionRecall: Hashable, Sendable, Codable {
  /// All decisions counted together.
  public let micro: PrecisionRecall
  /// The mean over the classes, each counting the same. Classes that neither are there nor were taken for count not at all.
  public let macro: PrecisionRecall
  /// The mean over the classes, each counting as often as it is there.
  public let weighted: PrecisionRecall
}
