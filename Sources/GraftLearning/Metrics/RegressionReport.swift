/// Everything that is said about predictions of numbers.
///
/// Numbers equal scikit-learn's; where it warns, or answers NaN, there is nil. A prediction that is no number makes everything
/// about its value nil, and the means with it.
public struct RegressionReport: Hashable, Sendable, Codable {
  /// How well one value is predicted, or the mean of several.
  public struct Errors: Hashable, Sendable, Codable {
    /// The mean distance.
    public let meanAbsolute: Double?
    /// The root of the mean squared distance.
    public let rootMeanSquare: Double?
    /// The median distance.
    public let medianAbsolute: Double?
    /// R²: what share of the variance is explained. At most 1; below 0 where the mean would be a better prediction. With a truth that
    /// never changes 1 where all is right, else 0; nil for fewer than two samples.
    public let explained: Double?
  }

  /// The number of samples.
  public let count: Int
  /// One for each value.
  public let byValue: [Errors]
  /// The means over the values.
  public let mean: Errors

  /// - Parameters:
  ///   - predictions: `[n, values]`, row after row.
  ///   - truths: `[n, values]`.
  ///   - values: how many numbers a sample has.
  ///   - weights: how much each sample counts; all the same where nil.
  /// - Precondition: as many predictions as truths, whole rows, and a weight of at least 0 for each.
  public init(predictions: [Float], truths: [Float], values: Int, weights: [Double]? = nil) {
    precondition(values > 0 && truths.count % values == 0, "\(truths.count) truths of \(values) values")
    precondition(predictions.count == truths.count, "\(predictions.count) predictions for \(truths.count) truths")
    let count = truths.count / values
    precondition(weights.map { $0.count == count } ?? true, "\(weights?.count ?? 0) weights for \(count) samples")
    let weights = weights ?? [Double](repeating: 1, count: count)
    self.count = count
    byValue = (0..<values).map { value in
      let places = (0..<count).map { $0 * values + value }
      return Errors(
        predictions: places.map { Double(predictions[$0]) }, truths: places.map { Double(truths[$0]) }, weights: weights
      )
    }
    mean = Errors(
      meanAbsolute: ClassificationReport.mean(byValue.map(\.meanAbsolute)),
      rootMeanSquare: ClassificationReport.mean(byValue.map(\.rootMeanSquare)),
      medianAbsolute: ClassificationReport.mean(byValue.map(\.medianAbsolute)),
      explained: ClassificationReport.mean(byValue.map(\.explained)))
  }
}

extension RegressionReport.Errors {
  fileprivate init(predictions: [Double], truths: [Double], weights: [Double]) {
    let total = weights.reduce(0, +)
    let distances = zip(predictions, truths).map { ($0 - $1).magnitude }
    guard total > 0, distances.allSatisfy(\.isFinite) else {
      (meanAbsolute, rootMeanSquare, medianAbsolute, explained) = (nil, nil, nil, nil)
      return
    }
    let squares = zip(distances, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let centre = zip(truths, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let spread = zip(truths, weights).reduce(0) { $0 + ($1.0 - centre) * ($1.0 - centre) * $1.1 }
    meanAbsolute = zip(distances, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    rootMeanSquare = (squares / total).squareRoot()
    medianAbsolute = Self.median(distances, weights: weights)
    explained = truths.count < 2 ? nil : spread > 0 ? 1 - squares / spread : squares == 0 ? 1 : 0
  }

  /// The number with half the weight on either side, or the mean of the two between which it divides.
  private static func median(_ numbers: [Double], weights: [Double]) -> Double? {
    let order = numbers.indices.filter { weights[$0] > 0 }.sorted { numbers[$0] < numbers[$1] }
    let half = order.reduce(0) { $0 + weights[$1] } / 2
    var sum = 0.0
    for (place, index) in order.enumerated() {
      sum += weights[index]
      if (sum - half).magnitude <= 1e-12 * half, place + 1 < order.count {
        return (numbers[index] + numbers[order[place + 1]]) / 2
      }
      if sum >= half { return numbers[index] }
    }
    return order.last.map { numbers[$0] }
  }
}
