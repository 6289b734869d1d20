import GraftGraph
import GraftImages
import GraftLearning
import GraftTraining

/// What a report says of predicted numbers: their metrics, and each image's own.
struct RegressionFigures {
  struct OfValue {
    let name: String
    let errors: RegressionReport.Errors
    /// True and predicted numbers of each image whose own are known.
    let points: [(path: String, actual: Double, predicted: Double)]
    /// The mean of predicted minus true.
    let bias: Double
  }

  let report: RegressionReport
  /// At least one.
  let values: [OfValue]

  /// - Parameter task: the position of a regression among the tasks.
  /// - Returns: nil where no image's numbers are known.
  init?(_ predictions: ValidationPredictions, task: Int) {
    guard case .regression(let names) = predictions.tasks[task], !names.isEmpty else { return nil }
    var rows: [(path: String, actual: [Float], predicted: [Float])] = []
    for row in predictions.rows {
      if case .values(let values)? = row.targets[task] { rows.append((row.path, values, row.outputs[task])) }
    }
    guard !rows.isEmpty else { return nil }
    let report = RegressionReport(
      predictions: rows.flatMap(\.predicted), truths: rows.flatMap(\.actual), values: names.count)
    self.report = report
    values = names.indices.map { index in
      let points = rows.map { ($0.path, Double($0.actual[index]), Double($0.predicted[index])) }
      return OfValue(
        name: names[index], errors: report.byValue[index], points: points,
        bias: points.reduce(0) { $0 + $1.2 - $1.1 } / Double(points.count))
    }
  }
}

extension RegressionFigures.OfValue {
  /// Of its metrics, 95 %, by the bootstrap.
  var intervals: [MetricKind: ConfidenceInterval] {
    (try? ResampledMetrics.intervals(truths: points.map(\.actual), predicted: points.map(\.predicted))) ?? [:]
  }
}
