import GraftGraph
import GraftImages
import GraftLearning
import GraftTraining

/// What a report says of labels that hold or do not: their metrics, and where they are wrong.
struct LabelFigures {
  struct Mistake {
    let path: String
    let label: String
    let holds: Bool
    /// What the model says of the label.
    let probability: Float
  }

  let labels: [String]
  let report: MultiLabelReport
  /// Of the share of images that have every label right, 95 %.
  let interval: ConfidenceInterval?
  private let truths, predicted: [Bool]
  /// The most confident first.
  let mistakes: [Mistake]

  /// - Parameter task: the position of a task of labels among the tasks.
  /// - Returns: nil where no image's labels are known.
  init?(_ predictions: ValidationPredictions, task: Int) {
    guard case .multiLabel(let labels) = predictions.tasks[task] else { return nil }
    var (paths, truths, probabilities) = ([String](), [Bool](), [Float]())
    for row in predictions.rows {
      guard case .labels(let holding)? = row.targets[task] else { continue }
      paths.append(row.path)
      truths += labels.indices.map(holding.contains)
      probabilities += row.outputs[task]
    }
    guard !paths.isEmpty else { return nil }
    let report = MultiLabelReport(probabilities: probabilities, truths: truths, labels: labels.count)
    let wrong = truths.indices.filter { (Double(probabilities[$0]) >= report.threshold) != truths[$0] }
    func confidence(_ place: Int) -> Float { abs(probabilities[place] - 0.5) }
    self.labels = labels
    self.truths = truths
    predicted = zip(probabilities, truths).map { $0.isNaN ? !$1 : Double($0) >= report.threshold }
    self.report = report
    interval = .wilson(
      successes: ((report.subsetAccuracy ?? 0) * Double(paths.count)).rounded(), count: Double(paths.count))
    mistakes = wrong.sorted { (confidence($1), $0) < (confidence($0), $1) }.map {
      Mistake(
        path: paths[$0 / labels.count], label: labels[$0 % labels.count], holds: truths[$0],
        probability: probabilities[$0])
    }
  }
}

extension LabelFigures {
  /// Of other metrics, 95 %, by the bootstrap.
  var intervals: [MetricKind: ConfidenceInterval] {
    (try? ResampledMetrics.intervals(truths: truths, predicted: predicted, labels: labels.count)) ?? [:]
  }
}
