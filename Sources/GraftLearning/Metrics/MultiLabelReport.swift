import Foundation

/// Everything that is said about predictions of labels that hold or not, independent of each other.
///
/// Numbers equal scikit-learn's; where it warns, or answers NaN, there is nil, as in `ClassificationReport`. A probability that
/// is no number counts as the wrong answer.
public struct MultiLabelReport: Hashable, Sendable, Codable {
  /// The number of samples.
  public let count: Int
  /// The probability from which a label is taken to hold.
  public let threshold: Double
  /// The share of samples all of whose labels are right.
  public let subsetAccuracy: Double?
  /// The share of labels that are wrong.
  public let hammingLoss: Double?
  /// One for each label.
  public let byLabel: [PrecisionRecall]
  public let averages: AveragedPrecisionRecall
  /// The mean over the samples of what is right of each one's labels; what is not defined counts as 0.
  public let bySample: PrecisionRecall
  /// Nil for a label that always holds or never.
  public let areaUnderROCByLabel: [Double?]
  /// The mean of the labels'; nil where one is.
  public let areaUnderROC: Double?
  /// All labels of all samples in one order.
  public let microAreaUnderROC: Double?
  /// Nil for a label that never holds.
  public let averagePrecisionByLabel: [Double?]
  /// The mean of the labels'; nil where one is.
  public let averagePrecision: Double?
  public let microAveragePrecision: Double?
  /// Label ranking average precision: for each label that holds, the share of those that hold among the labels at least as probable.
  public let rankingAveragePrecision: Double?

  /// - Parameters:
  ///   - probabilities: `[n, labels]`, row after row.
  ///   - truths: whether each label holds, `[n, labels]`.
  ///   - labels: how many there are.
  ///   - weights: how much each sample counts; all the same where nil.
  ///   - threshold: the probability from which a label is taken to hold.
  /// - Precondition: as many probabilities as truths, whole rows, and a weight of at least 0 for each.
  public init(
    probabilities: [Float], truths: [Bool], labels: Int, weights: [Double]? = nil, threshold: Double = 0.5
  ) {
    precondition(labels > 0 && truths.count % labels == 0, "\(truths.count) truths of \(labels) labels")
    precondition(probabilities.count == truths.count, "\(probabilities.count) probabilities, \(truths.count) truths")
    count = truths.count / labels
    self.threshold = threshold
    let weights = weights ?? [Double](repeating: 1, count: count)
    precondition(weights.count == count, "\(weights.count) weights for \(count) samples")
    let total = weights.reduce(0, +)
    let scores = probabilities.map { Double($0) }
    let isWhole = total > 0 && !scores.contains(where: \.isNaN)

    var tallies = [(right: Double, taken: Double, there: Double)](repeating: (0, 0, 0), count: labels)
    var samples: [PrecisionRecall] = []
    var (exact, wrong, ranking) = (0.0, 0.0, 0.0)
    for row in 0..<count {
      var tally = (right: 0.0, taken: 0.0, there: 0.0)
      var mistakes = 0
      for label in 0..<labels {
        let (score, truth) = (scores[row * labels + label], truths[row * labels + label])
        let taken = score.isNaN ? !truth : score >= threshold
        if taken != truth { mistakes += 1 }
        if taken && truth {
          tally.right += 1
          tallies[label].right += weights[row]
        }
        if taken {
          tally.taken += 1
          tallies[label].taken += weights[row]
        }
        if truth {
          tally.there += 1
          tallies[label].there += weights[row]
        }
      }
      if mistakes == 0 { exact += weights[row] }
      wrong += weights[row] * Double(mistakes)
      samples.append(PrecisionRecall(right: tally.right, taken: tally.taken, support: tally.there))
      if isWhole {
        let range = row * labels..<(row + 1) * labels
        ranking += weights[row] * Self.rankingPrecision(scores: Array(scores[range]), truths: Array(truths[range]))
      }
    }
    subsetAccuracy = total > 0 ? exact / total : nil
    hammingLoss = total > 0 ? wrong / (total * Double(labels)) : nil
    rankingAveragePrecision = isWhole ? ranking / total : nil
    let parts = tallies.map { PrecisionRecall(right: $0.right, taken: $0.taken, support: $0.there) }
    byLabel = parts
    averages = AveragedPrecisionRecall(
      micro: PrecisionRecall(
        right: tallies.reduce(0) { $0 + $1.right }, taken: tallies.reduce(0) { $0 + $1.taken },
        support: tallies.reduce(0) { $0 + $1.there }),
      macro: .mean(parts, weights: [Double](repeating: total > 0 ? 1 : 0, count: labels)),
      weighted: .mean(parts, weights: parts.map(\.support)))
    bySample = .mean(samples, weights: weights)

    let rows = 0..<count
    let rankings = (0..<labels).map { label in
      let places = rows.map { $0 * labels + label }
      return isWhole
        ? BinaryRanking(scores: places.map { scores[$0] }, truths: places.map { truths[$0] }, weights: weights) : nil
    }
    let areas = rankings.map { $0?.areaUnderROC }
    let precisions = rankings.map { $0?.averagePrecision }
    (areaUnderROCByLabel, averagePrecisionByLabel) = (areas, precisions)
    areaUnderROC = ClassificationReport.mean(areas)
    averagePrecision = ClassificationReport.mean(precisions)
    let all =
      isWhole
      ? BinaryRanking(
        scores: scores, truths: truths, weights: weights.flatMap { [Double](repeating: $0, count: labels) }) : nil
    microAreaUnderROC = all?.areaUnderROC
    microAveragePrecision = all?.averagePrecision
  }

  /// One sample's share of the label ranking average precision: 1 where all labels hold, or none.
  private static func rankingPrecision(scores: [Double], truths: [Bool]) -> Double {
    let relevant = truths.count { $0 }
    if relevant == 0 || relevant == truths.count { return 1 }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (sum, holding, place) = (0.0, 0, 0)
    while place < order.count {
      // Equal scores share the last of their places.
      var end = place
      while end < order.count, scores[order[end]] == scores[order[place]] { end += 1 }
      let here = order[place..<end].count { truths[$0] }
      holding += here
      sum += Double(here * holding) / Double(end)
      place = end
    }
    return sum / Double(relevant)
  }
}
