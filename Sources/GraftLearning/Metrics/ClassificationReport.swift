import Foundation

/// Everything that is said about a classifier's predictions of one set of samples.
///
/// Numbers equal scikit-learn's. Where it warns, or answers NaN, because something is not defined, there is nil here; means over classes
/// count what is not defined as 0, as it does by default. Of equal probabilities the lower class wins, in top-k accuracy,
/// too (where scikit-learn takes the higher). A row with a probability that is no number is never right, is taken for no
/// class (`undecided`), and leaves nothing to say about probabilities: log-loss, Brier score, calibration and areas are nil then.
public struct ClassificationReport: Hashable, Sendable, Codable {
  /// The number of samples.
  public let count: Int
  /// The sum of their weights.
  public let totalWeight: Double
  /// The share of samples taken for their class.
  public let accuracy: Double?
  /// How many guesses `topAccuracy` allows.
  public let top: Int
  /// The share of samples whose class is among the `top` most probable.
  public let topAccuracy: Double?
  /// The mean recall of the classes that there are samples of.
  public let balancedAccuracy: Double?
  /// One for each class.
  public let byClass: [PrecisionRecall]
  public let averages: AveragedPrecisionRecall
  /// Weights: rows are what the samples are, columns what they were taken for.
  public let confusion: [[Double]]
  /// Weights of samples that were taken for no class, by what they are.
  public let undecided: [Double]
  /// The area under the ROC curve of each class against the rest; nil for a class that no sample, or every sample, is of.
  public let areaUnderROCByClass: [Double?]
  /// With two classes the area for the second, else the mean of the classes'; nil where one is.
  public let areaUnderROC: Double?
  /// The mean of the classes' areas, each counting as often as the class is there; classes that are not count not at all.
  public let weightedAreaUnderROC: Double?
  /// The average precision of each class against the rest; nil for a class that no sample is of.
  public let averagePrecisionByClass: [Double?]
  /// With two classes that of the second, else the mean; nil where one is.
  public let averagePrecision: Double?
  /// The mean of −log of the right class's probability, in nats; probabilities below 2·10⁻¹⁶ count as that.
  public let logLoss: Double?
  /// The mean squared distance of the probabilities from the truth: from 0 to 2, with two classes from 0 to 1.
  public let brierScore: Double?
  /// Cohen's kappa.
  public let kappa: Double?
  /// Matthews's correlation coefficient.
  public let matthews: Double?
  /// How far confidence and accuracy are apart.
  public let calibration: CalibrationReport?

  /// - Parameters:
  ///   - probabilities: `[labels.count, classes]`, row after row.
  ///   - labels: each sample's class.
  ///   - classes: how many there are, whether there are samples of them or not.
  ///   - weights: how much each sample counts; all the same where nil.
  ///   - top: how many guesses `topAccuracy` allows.
  /// - Precondition: a row of probabilities and a weight of at least 0 for each label, and labels in `0 ..< classes`.
  /// - Complexity: O(classes · n log n).
  public init(probabilities: [Float], labels: [Int], classes: Int, weights: [Double]? = nil, top: Int = 5) {
    precondition(
      probabilities.count == labels.count * classes,
      "\(probabilities.count) probabilities for \(labels.count) labels of \(classes) classes")
    precondition(weights.map { $0.count == labels.count } ?? true, "\(weights?.count ?? 0) weights for \(labels.count)")
    let weights = weights ?? [Double](repeating: 1, count: labels.count)
    var table = ClassTable(classes: classes)
    var (inTop, losses, squares) = (0.0, 0.0, 0.0)
    var guesses: [CalibrationReport.Guess] = []
    for (row, label) in labels.enumerated() {
      precondition(0..<classes ~= label, "label \(label) among \(classes) classes")
      let ranking = ClassRanking(scores: probabilities[row * classes..<(row + 1) * classes])
      guard ranking.scores.allSatisfy(\.isFinite), let best = ranking.best else {
        table.add(actual: label, predicted: nil, weight: weights[row])
        continue
      }
      table.add(actual: label, predicted: best, weight: weights[row])
      if ranking.rank(of: label) < top { inTop += weights[row] }
      let probability = min(max(Double(ranking.scores[label]), .ulpOfOne), 1 - .ulpOfOne)
      losses -= weights[row] * log(probability)
      for (index, score) in ranking.scores.enumerated() {
        let distance = Double(score) - (index == label ? 1 : 0)
        squares += weights[row] * distance * distance
      }
      guesses.append(
        .init(confidence: Double(ranking.scores[best]), isRight: best == label, weight: weights[row]))
    }
    let total = table.total
    let isWhole = guesses.count == labels.count && total > 0
    count = labels.count
    totalWeight = total
    accuracy = total > 0 ? table.right / total : nil
    self.top = top
    topAccuracy = total > 0 ? inTop / total : nil
    balancedAccuracy = table.balancedAccuracy
    byClass = table.byClass
    averages = table.averages
    confusion = table.counts
    undecided = table.undecided
    logLoss = isWhole ? losses / total : nil
    brierScore = isWhole ? squares / total / (classes == 2 ? 2 : 1) : nil
    kappa = table.kappa
    matthews = table.matthews
    calibration = isWhole ? CalibrationReport(guesses) : nil

    let rankings = (0..<classes).map { label in
      BinaryRanking(
        scores: labels.indices.map { Double(probabilities[$0 * classes + label]) }, truths: labels.map { $0 == label },
        weights: weights)
    }
    let areas = rankings.map { isWhole ? $0?.areaUnderROC : nil }
    let precisions = rankings.map { isWhole ? $0?.averagePrecision : nil }
    areaUnderROCByClass = areas
    averagePrecisionByClass = precisions
    areaUnderROC = classes == 2 ? areas[1] : Self.mean(areas)
    averagePrecision = classes == 2 ? precisions[1] : Self.mean(precisions)
    let actual = table.actual
    let there = (0..<classes).filter { actual[$0] > 0 }
    weightedAreaUnderROC = Self.mean(there.map { areas[$0] }, weights: there.map { actual[$0] })
  }

  /// The weighted mean; nil where there is nothing, or one of them is nil.
  static func mean(_ values: [Double?], weights: [Double]? = nil) -> Double? {
    let known = values.compactMap(\.self)
    guard known.count == values.count, !known.isEmpty else { return nil }
    let weights = weights ?? [Double](repeating: 1, count: known.count)
    let total = weights.reduce(0, +)
    return total > 0 ? zip(known, weights).reduce(0) { $0 + $1.0 * $1.1 } / total : nil
  }
}
