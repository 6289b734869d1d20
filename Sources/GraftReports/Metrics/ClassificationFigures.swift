import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftTraining

/// What a report says of a classification: its metrics, and the images that it has wrong.
struct ClassificationFigures {
  let classes: [String]
  let report: ClassificationReport
  /// Images that are taken for their class.
  let right: Int
  /// Of the accuracy, 95 %.
  let interval: ConfidenceInterval?
  /// Each image's class, and what it is taken for; nil for nothing.
  private let labels: [Int]
  private let predicted: [Int?]
  /// What makes the probabilities truest, and what calibration is then.
  let temperature: (value: Double, calibration: CalibrationReport?)?
  /// The most confident first.
  let mistakes: [ValidationPredictions.Mistake]

  /// - Parameter task: the position of a classification among the tasks.
  /// - Returns: nil where no image's class is known.
  init?(_ predictions: ValidationPredictions, task: Int) {
    guard case .classification(let classes) = predictions.tasks[task] else { return nil }
    var (labels, probabilities, right) = ([Int](), [Float](), 0)
    var predicted: [Int?] = []
    for row in predictions.rows {
      guard case .oneClass(let label)? = row.targets[task] else { continue }
      let own = row.outputs[task]
      labels.append(label)
      probabilities += own
      let ranking = ClassRanking(scores: own)
      predicted.append(ranking.scores.allSatisfy(\.isFinite) ? ranking.best : nil)
      if let best = ranking.best, !own[best].isNaN, best == label { right += 1 }
    }
    guard !labels.isEmpty else { return nil }
    self.classes = classes
    report = ClassificationReport(probabilities: probabilities, labels: labels, classes: classes.count)
    self.right = right
    self.labels = labels
    self.predicted = predicted
    interval = .wilson(successes: Double(right), count: Double(labels.count))
    temperature = Self.temperature(probabilities, labels, classes: classes.count)
    mistakes = predictions.mistakes(ofTask: task)
  }

  /// A softmax's logarithms are its logits, but for a number that all of a row share and that changes nothing.
  private static func temperature(
    _ probabilities: [Float], _ labels: [Int], classes: Int
  ) -> (value: Double, calibration: CalibrationReport?)? {
    let logits = probabilities.map { log(max($0, .leastNormalMagnitude)) }
    guard let scaling = TemperatureScaling(logits: logits, labels: labels, classes: classes) else { return nil }
    let scaled = scaling.probabilities(logits: logits, classes: classes)
    return (
      scaling.temperature, ClassificationReport(probabilities: scaled, labels: labels, classes: classes).calibration
    )
  }
}

extension ClassificationFigures {
  /// Of other metrics, 95 %, by the bootstrap: a fraction of a second.
  var intervals: [MetricKind: ConfidenceInterval] {
    let found = try? ResampledMetrics.intervals(labels: labels, predicted: predicted, classes: classes.count)
    return found ?? [:]
  }

  /// Pairs of classes by how often one was taken for the other, without those that never were.
  var confusedPairs: [(label: String, predicted: String, count: Int, of: Int)] {
    var pairs: [(label: String, predicted: String, count: Int, of: Int)] = []
    for (row, counts) in confusion.enumerated() {
      let sum = counts.reduce(0, +)
      for (column, count) in counts.enumerated() where row != column && count > 0 {
        pairs.append((classes[row], classes[column], count, sum))
      }
    }
    // Stable, so that equals keep the order of the classes.
    return pairs.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
  }

  /// Images: row, what they are; column, what they are taken for.
  var confusion: [[Int]] { report.confusion.map { $0.map { Int($0) } } }
}
