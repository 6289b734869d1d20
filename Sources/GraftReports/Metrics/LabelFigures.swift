import GraftGraph
import GraftImages
import GraftTraining

/// Everything that a report says of labels that hold or do not, each apart from the others.
struct LabelFigures {
  struct OfLabel {
    let name: String
    /// How many images have it.
    let support: Int
    let precision, recall, f1, auc, averagePrecision: Double?
  }

  struct Mistake {
    let path: String
    let label: String
    let holds: Bool
    /// What the model says of the label.
    let probability: Float
  }

  /// A label is taken to hold from this probability on.
  static let threshold: Float = 0.5

  let count: Int
  let ofLabels: [OfLabel]
  /// Means over the labels that have them.
  let f1, averagePrecision: Double?
  /// The share of images that have every label right.
  let exact: Double
  let interval: ClosedRange<Double>?
  /// The most confident first.
  let mistakes: [Mistake]
}

extension LabelFigures {
  /// - Parameter task: the position of a task of labels among the tasks.
  /// - Returns: nil where no image's labels are known.
  init?(_ predictions: ValidationPredictions, task: Int) {
    guard case .multiLabel(let names) = predictions.tasks[task] else { return nil }
    var rows: [(path: String, holding: Set<Int>, probabilities: [Float])] = []
    for row in predictions.rows {
      if case .labels(let holding)? = row.targets[task] { rows.append((row.path, holding, row.outputs[task])) }
    }
    guard !rows.isEmpty else { return nil }
    let metrics = ProvisionalMetrics.self
    ofLabels = names.indices.map { index in
      let scores = rows.map { $0.probabilities[index] }
      let truth = rows.map { $0.holding.contains(index) }
      let said = scores.map { $0 >= Self.threshold }
      let (right, actual) = (zip(truth, said).count { $0 && $1 }, truth.count { $0 })
      return OfLabel(
        name: names[index], support: actual, precision: metrics.ratio(right, said.count { $0 }),
        recall: metrics.ratio(right, actual), f1: metrics.f1(right, predicted: said.count { $0 }, actual: actual),
        auc: metrics.rocAUC(scores, truth), averagePrecision: metrics.averagePrecision(scores, truth))
    }
    var (exact, mistakes) = (0, [Mistake]())
    for row in rows {
      let wrong = names.indices.filter { (row.probabilities[$0] >= Self.threshold) != row.holding.contains($0) }
      if wrong.isEmpty { exact += 1 }
      mistakes += wrong.map {
        Mistake(path: row.path, label: names[$0], holds: row.holding.contains($0), probability: row.probabilities[$0])
      }
    }
    count = rows.count
    f1 = metrics.mean(ofLabels.map(\.f1))
    averagePrecision = metrics.mean(ofLabels.map(\.averagePrecision))
    self.exact = Double(exact) / Double(rows.count)
    interval = metrics.wilson(exact, of: rows.count)
    self.mistakes = mistakes.enumerated().sorted { one, other in
      let (first, second) = (abs(one.element.probability - 0.5), abs(other.element.probability - 0.5))
      return first == second ? one.offset < other.offset : first > second
    }.map(\.element)
  }
}
