import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors
import GraftTraining

/// Everything that a report says of a classification, computed from the predictions.
struct ClassificationFigures {
  struct OfClass {
    let name: String
    /// How many images are of it.
    let support: Int
    /// nil where they are of nothing: a class that was never predicted, or of which there is no image.
    let precision, recall, f1, auc: Double?
  }

  struct Mistake {
    let path: String
    let label, predicted: String
    let probability: Float
    /// What the model gave the right class.
    let ofLabel: Float
  }

  let classes: [String]
  /// Images whose class is known.
  let count: Int
  let confusion: ConfusionMatrix
  let accuracy: Double
  let interval: ClosedRange<Double>
  /// Names and numbers of further metrics, in the order to show them.
  let others: [(name: String, value: Double?)]
  let ofClasses: [OfClass]
  let bins: [ReliabilityPlot.Bin]
  let expectedCalibrationError: Double?
  let temperature: Double?
  let errorAtTemperature: Double?
  /// The most confident first.
  let mistakes: [Mistake]
}

extension ClassificationFigures {
  /// Pairs of classes by how often one was taken for the other, without those that never were.
  var confusedPairs: [(label: String, predicted: String, count: Int, of: Int)] {
    var pairs: [(label: String, predicted: String, count: Int, of: Int)] = []
    for (row, counts) in confusion.counts.enumerated() {
      let sum = counts.reduce(0, +)
      for (column, count) in counts.enumerated() where row != column && count > 0 {
        pairs.append((classes[row], classes[column], count, sum))
      }
    }
    // Stable, so that equals keep the order of the classes.
    return pairs.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
  }
}

extension ClassificationFigures {
  /// - Parameter task: the position of a classification among the tasks.
  /// - Returns: nil where no image's class is known.
  init?(_ predictions: ValidationPredictions, task: Int) {
    guard case .classification(let classes) = predictions.tasks[task] else { return nil }
    var rows: [(path: String, label: Int, probabilities: [Float])] = []
    for row in predictions.rows {
      if case .oneClass(let label)? = row.targets[task] { rows.append((row.path, label, row.outputs[task])) }
    }
    guard !rows.isEmpty else { return nil }
    var confusion = ConfusionMatrix(classes: classes.count)
    var mistakes: [Mistake] = []
    for (path, label, probabilities) in rows {
      guard let best = ClassRanking(scores: probabilities).best else { continue }
      confusion.add(actual: label, predicted: best)
      if best != label {
        mistakes.append(
          Mistake(
            path: path, label: classes[label], predicted: classes[best], probability: probabilities[best],
            ofLabel: probabilities[label]))
      }
    }
    self.classes = classes
    count = rows.count
    self.confusion = confusion
    self.mistakes = mistakes.sorted { ($1.probability, $0.path) < ($0.probability, $1.path) }
    let metrics = ProvisionalMetrics.self
    accuracy = Double(confusion.correct) / Double(rows.count)
    interval = metrics.wilson(confusion.correct, of: rows.count) ?? 0...1
    let columns = classes.indices.map { column in confusion.counts.reduce(0) { $0 + $1[column] } }
    ofClasses = classes.indices.map { index in
      let (right, actual) = (confusion.counts[index][index], confusion.counts[index].reduce(0, +))
      return OfClass(
        name: classes[index], support: actual, precision: metrics.ratio(right, columns[index]),
        recall: metrics.ratio(right, actual), f1: metrics.f1(right, predicted: columns[index], actual: actual),
        auc: metrics.rocAUC(rows.map { $0.probabilities[index] }, rows.map { $0.label == index }))
    }
    let judged = rows.map { ($0.label, $0.probabilities) }
    bins = Self.bins(judged)
    expectedCalibrationError = metrics.calibrationError(bins)
    temperature = metrics.temperature(judged)
    errorAtTemperature = temperature.flatMap { temperature in
      metrics.calibrationError(
        Self.bins(judged.map { ($0.0, metrics.tempered($0.1, temperature).map(Float.init)) }))
    }
    others = [
      ("Balanced accuracy", metrics.mean(ofClasses.map(\.recall))), ("F1, macro", metrics.mean(ofClasses.map(\.f1))),
      ("AUC, macro", metrics.mean(ofClasses.map(\.auc))), ("Log-loss", metrics.logLoss(judged)),
      (
        "Top-5 accuracy",
        classes.count > 5
          ? metrics.ratio(
            rows.count { ClassRanking(scores: $0.probabilities).rank(of: $0.label) < 5 }, rows.count) : nil
      ),
    ]
  }

  private static func bins(_ rows: [(label: Int, probabilities: [Float])]) -> [ReliabilityPlot.Bin] {
    ProvisionalMetrics.bins(
      rows.compactMap { row in
        ClassRanking(scores: row.probabilities).best.map { (Double(row.probabilities[$0]), $0 == row.label) }
      }, count: 10)
  }
}
