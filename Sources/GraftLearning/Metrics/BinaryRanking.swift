/// How well scores put what is true before what is not.
struct BinaryRanking {
  /// Weights of what is true and what is not, for each distinct score, the highest first.
  private let steps: [(positive: Double, negative: Double)]
  private let positive: Double
  private let negative: Double

  /// Nil where a score is NaN: there is no order then.
  ///
  /// - Complexity: O(n log n).
  init?(scores: [Double], truths: [Bool], weights: [Double]) {
    if scores.contains(where: \.isNaN) { return nil }
    var steps: [(positive: Double, negative: Double)] = []
    var last = Double.nan
    for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
      if scores[index] != last {
        steps.append((0, 0))
        last = scores[index]
      }
      if truths[index] {
        steps[steps.count - 1].positive += weights[index]
      } else {
        steps[steps.count - 1].negative += weights[index]
      }
    }
    self.steps = steps
    positive = steps.reduce(0) { $0 + $1.positive }
    negative = steps.reduce(0) { $0 + $1.negative }
  }

  /// The area under the receiver operating characteristic; nil where all is true or nothing is.
  var areaUnderROC: Double? {
    guard positive > 0, negative > 0 else { return nil }
    var (area, found) = (0.0, 0.0)
    for step in steps {
      area += step.negative * (found + step.positive / 2)
      found += step.positive
    }
    return area / (positive * negative)
  }

  /// The mean of the precisions, weighted by what each threshold adds to the recall; nil where nothing is true.
  var averagePrecision: Double? {
    guard positive > 0 else { return nil }
    var (sum, right, wrong) = (0.0, 0.0, 0.0)
    for step in steps {
      right += step.positive
      wrong += step.negative
      if right + wrong > 0 { sum += step.positive * right / (right + wrong) }
    }
    return sum / positive
  }
}
