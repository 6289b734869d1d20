import Foundation
import Graft

/// What `evaluate --json` prints.
struct EvaluateReport: Encodable {
  /// Of the first task, where it tells classes: as the further reports have them, where scripts look first.
  let accuracy, loss: Double?
  let images, imagesSkipped: Int
  let classes: [String]
  /// Row: the class that an image is of; column: the class that the model says. Nil of other tasks.
  let confusionMatrix: [[Int]]?
  /// Within which the accuracy lies with a probability of 95 %, were these photographs drawn by chance (Wilson).
  let accuracyInterval: ConfidenceInterval?
  /// All figures, of each task.
  let reports: [PredictionReport]
  /// Of which the mean was measured.
  let runs: [String]
  /// The first one's.
  let precision: Precision
  let precisionChoice: PrecisionChoice
  private let tasks: [PredictionTask]

  private enum CodingKeys: String, CodingKey {
    case accuracy, loss, images, imagesSkipped, classes, confusionMatrix, accuracyInterval, reports, precision
    case precisionChoice, runs
  }

  init(_ ensemble: ModelEnsemble, _ predictions: [Prediction], _ skipped: [SkippedImage]) {
    self.init(
      ensemble.tasks, predictions, skipped: skipped.count, runs: ensemble.members.map(\.name),
      ensemble.members[0].precision)
  }

  init(
    _ tasks: [PredictionTask], _ predictions: [Prediction], skipped: Int, runs: [String], _ choice: PrecisionChoice
  ) {
    self.tasks = tasks
    self.runs = runs
    precisionChoice = choice
    precision = choice.precision
    images = predictions.count
    imagesSkipped = skipped
    classes = tasks[0].names
    reports = tasks.indices.compactMap { PredictionReport(predictions, task: $0) }
    guard case .classes(let report)? = reports.first else {
      (accuracy, loss, confusionMatrix, accuracyInterval) = (nil, nil, nil, nil)
      return
    }
    accuracy = report.accuracy
    loss = report.logLoss
    confusionMatrix = report.confusion.map { $0.map { Int($0) } }
    accuracyInterval = report.accuracy.flatMap { accuracy in
      ConfidenceInterval.wilson(successes: accuracy * Double(predictions.count), count: Double(predictions.count))
    }
  }

  var text: String {
    zip(reports, tasks).enumerated().map { index, pair in
      (reports.count > 1 ? "head \(index + 1)\n" : "") + text(pair.0, names: pair.1.names)
    }.joined(separator: "\n\n")
  }

  private func text(_ report: PredictionReport, names: [String]) -> String {
    func figures(_ named: [(String, Double?)]) -> String {
      named.map { name, value in "\(name) " + (value.map { String(format: "%.4f", $0) } ?? "–") }
        .joined(separator: "  ")
    }
    switch report {
    case .classes(let report):
      let interval = accuracyInterval.map { String(format: " (95 %%: %.3f to %.3f)", $0.lower, $0.upper) } ?? ""
      return String(
        format: "accuracy %.4f  loss %.4f  on %d images", report.accuracy ?? .nan, report.logLoss ?? .nan, images)
        + interval + "\n"
        + figures([
          ("balanced accuracy", report.balancedAccuracy), ("macro F1", report.averages.macro.f1),
          ("AUC", report.areaUnderROC), ("ECE", report.calibration?.expectedError),
        ]) + "\n\n" + confusion(report.confusion, names)
    case .labels(let report):
      return figures([
        ("macro F1", report.averages.macro.f1), ("AUC", report.areaUnderROC),
        ("average precision", report.averagePrecision), ("all labels right", report.subsetAccuracy),
      ]) + "  on \(images) images"
    case .values(let report):
      let lines = zip(names, report.byValue).map { name, errors in
        name + "  "
          + figures([
            ("MAE", errors.meanAbsolute), ("RMSE", errors.rootMeanSquare), ("R²", errors.explained),
          ])
      }
      return lines.joined(separator: "\n") + "  on \(images) images"
    }
  }

  private func confusion(_ counts: [[Double]], _ names: [String]) -> String {
    let width = (names.map(\.count).max() ?? 0) + 2
    return
      (["confusion (row: is, column: said)"]
      + zip(names, counts).map { name, counts in
        name.padding(toLength: width, withPad: " ", startingAt: 0)
          + counts.map { String(format: "%6d", Int($0)) }.joined()
      }).joined(separator: "\n")
  }
}
