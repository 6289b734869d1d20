/// How far metrics would lie apart on other samples of the same kind: 95 % intervals by the bootstrap, of what follows from predictions
/// without ranking them.
public enum ResampledMetrics {
  /// How many numbers are drawn at most; beyond it there are no intervals, which would be narrow.
  static let mostDraws = 50_000_000
  private static let seed: UInt64 = 0

  /// Balanced accuracy, macro F1, Cohen's kappa and Matthews's correlation, each as `ClassificationReport` has it.
  ///
  /// - Parameters:
  ///   - labels: each sample's class, in `0 ..< classes`.
  ///   - predicted: what it was taken for; nil for nothing.
  /// - Returns: those that are defined.
  /// - Throws: `CancellationError`.
  public static func intervals(
    labels: [Int], predicted: [Int?], classes: Int, resamples: Int = 1000
  ) throws -> [MetricKind: ConfidenceInterval] {
    precondition(labels.count == predicted.count, "\(predicted.count) predictions for \(labels.count) labels")
    // A table of all pairs of classes is filled and summed up several times for each draw.
    guard resamples * (labels.count + 8 * classes * classes) <= mostDraws else { return [:] }
    return try named([.balancedAccuracy, .macroF1, .kappa, .matthews], labels.count, resamples) { indices in
      var table = ClassTable(classes: classes)
      for index in indices { table.add(actual: labels[index], predicted: predicted[index], weight: 1) }
      return [table.balancedAccuracy, table.averages.macro.f1, table.kappa, table.matthews]
    }
  }

  /// Macro F1 of labels, as `MultiLabelReport` has it.
  ///
  /// - Parameters:
  ///   - truths: `[samples, labels]`, row after row: what holds.
  ///   - predicted: what is said to hold.
  public static func intervals(
    truths: [Bool], predicted: [Bool], labels: Int, resamples: Int = 1000
  ) throws -> [MetricKind: ConfidenceInterval] {
    precondition(truths.count == predicted.count && labels > 0, "\(predicted.count) predictions for \(truths.count)")
    guard resamples * truths.count <= mostDraws else { return [:] }
    return try named([.macroF1], truths.count / labels, resamples) { indices in
      let zeros = [Double](repeating: 0, count: labels)
      var (right, taken, support) = (zeros, zeros, zeros)
      for place in indices.flatMap({ $0 * labels..<($0 + 1) * labels }) {
        if truths[place], predicted[place] { right[place % labels] += 1 }
        if predicted[place] { taken[place % labels] += 1 }
        if truths[place] { support[place % labels] += 1 }
      }
      let scores = (0..<labels).map {
        PrecisionRecall(right: right[$0], taken: taken[$0], support: support[$0]).f1 ?? 0
      }
      return [scores.reduce(0, +) / Double(labels)]
    }
  }

  /// Mean absolute error, root mean square error and R² of one value, as `RegressionReport` has them.
  ///
  /// - Parameters:
  ///   - truths: one number for each sample.
  ///   - predicted: likewise.
  public static func intervals(
    truths: [Double], predicted: [Double], resamples: Int = 1000
  ) throws -> [MetricKind: ConfidenceInterval] {
    precondition(truths.count == predicted.count, "\(predicted.count) predictions for \(truths.count) truths")
    guard resamples * truths.count <= mostDraws, (truths + predicted).allSatisfy(\.isFinite) else { return [:] }
    return try named([.meanAbsoluteError, .rootMeanSquareError, .r2], truths.count, resamples) { indices in
      let count = Double(indices.count)
      let centre = indices.reduce(0) { $0 + truths[$1] } / count
      var (distances, squares, spread) = (0.0, 0.0, 0.0)
      for index in indices {
        let error = predicted[index] - truths[index]
        distances += error.magnitude
        squares += error * error
        spread += (truths[index] - centre) * (truths[index] - centre)
      }
      return [distances / count, (squares / count).squareRoot(), spread > 0 ? 1 - squares / spread : nil]
    }
  }

  private static func named(
    _ kinds: [MetricKind], _ count: Int, _ resamples: Int, _ statistics: @escaping @Sendable ([Int]) -> [Double?]
  ) throws -> [MetricKind: ConfidenceInterval] {
    let found = try ConfidenceInterval.bootstrap(
      of: kinds.count, count: count, resamples: resamples, seed: seed, statistics: statistics)
    return zip(kinds, found).reduce(into: [:]) { $0[$1.0] = $1.1 }
  }
}
