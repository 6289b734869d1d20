import GraftGraph
import GraftImages
import GraftTraining

/// Everything that a report says of predicted numbers.
struct RegressionFigures {
  struct OfValue {
    let name: String
    /// True and predicted numbers of each image whose own are known.
    let points: [(path: String, actual: Double, predicted: Double)]
    let meanAbsoluteError, rootMeanSquareError: Double
    /// nil where the true numbers are all the same.
    let r2: Double?
    /// The mean of predicted minus true.
    let bias: Double
  }

  let count: Int
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
    count = rows.count
    values = names.indices.map { index in
      OfValue(
        name: names[index],
        points: rows.map { ($0.path, Double($0.actual[index]), Double($0.predicted[index])) })
    }
  }
}

extension RegressionFigures.OfValue {
  init(name: String, points: [(path: String, actual: Double, predicted: Double)]) {
    let count = Double(points.count)
    let errors = points.map { $0.predicted - $0.actual }
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    let mean = points.reduce(0) { $0 + $1.actual } / count
    let spread = points.reduce(0) { $0 + ($1.actual - mean) * ($1.actual - mean) }
    self.name = name
    self.points = points
    meanAbsoluteError = errors.reduce(0) { $0 + abs($1) } / count
    rootMeanSquareError = (squares / count).squareRoot()
    r2 = spread > 0 ? 1 - squares / spread : nil
    bias = errors.reduce(0, +) / count
  }
}
