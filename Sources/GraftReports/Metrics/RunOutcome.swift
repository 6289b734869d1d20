import Foundation
import GraftGraph
import GraftLearning
import GraftTraining

/// What came of a run, by the numbers that its validation images gave.
struct RunOutcome {
  struct Figure {
    /// As in `history.csv`: `val_accuracy`.
    let key: String
    let name: String
    let value: Double
    /// Of 95 %.
    var interval: ClosedRange<Double>?

    var text: String { Self.text(key, value) }

    /// `87.6 % to 95.9 %`.
    var intervalText: String? {
      interval.map { "\(Self.text(key, $0.lowerBound)) to \(Self.text(key, $0.upperBound))" }
    }

    private static let shares = ["accuracy", "error_rate", "ece", "top"]

    private static func text(_ key: String, _ value: Double) -> String {
      if shares.contains(where: key.contains) { return NumberText.percent(value) }
      return abs(value) >= 100 || (abs(value) < 0.01 && value != 0)
        ? NumberText.short(value) : NumberText.fixed(value, 3)
    }
  }

  let main: Figure
  let tiles: [Figure]
  let sentence: String
}

extension RunOutcome {
  /// - Returns: nil where neither predictions nor history tell anything.
  init?(_ run: RunFolder, predictions: ValidationPredictions?) {
    let epoch = Self.epoch(run)
    if let predictions, let task = predictions.tasks.first,
      let outcome = Self.outcome(of: task, predictions, epoch: epoch)
    {
      self = outcome
    } else if let outcome = RunOutcome(history: run, epoch: epoch) {
      self = outcome
    } else {
      return nil
    }
  }

  private static func outcome(
    of task: PredictionTask, _ predictions: ValidationPredictions, epoch: String
  ) -> RunOutcome? {
    switch task {
    case .classification:
      ClassificationFigures(predictions, task: 0).map { RunOutcome($0, epoch: epoch) }
    case .multiLabel: LabelFigures(predictions, task: 0).map { RunOutcome($0, epoch: epoch) }
    case .regression: RegressionFigures(predictions, task: 0).map { RunOutcome($0, epoch: epoch) }
    }
  }

  private init(_ figures: LabelFigures, epoch: String) {
    main = Figure(key: "val_f1_macro", name: "F1, macro", value: figures.f1 ?? .nan)
    tiles = [
      main,
      Figure(key: "val_average_precision", name: "Mean average precision", value: figures.averagePrecision ?? .nan),
      Figure(key: "val_accuracy_of_sets", name: "All labels right", value: figures.exact, interval: figures.interval),
    ]
    sentence =
      "The \(figures.ofLabels.count) labels of \(NumberText.counted(figures.count, "validation image", "validation images")) "
      + "have a mean F1 of \(main.text)\(epoch); \(NumberText.percent(figures.exact)) of the images have all of them right"
      + (tiles[2].intervalText.map { " (95 % interval: \($0))" } ?? "") + "."
  }

  private init(_ figures: RegressionFigures, epoch: String) {
    let first = figures.values[0]
    main = Figure(key: "val_mae", name: "Mean absolute error", value: first.meanAbsoluteError)
    tiles = figures.values.flatMap { one in
      let of = figures.values.count > 1 ? " of \(one.name)" : ""
      return [
        Figure(key: "val_mae", name: "Mean absolute error" + of, value: one.meanAbsoluteError),
        Figure(key: "val_rmse", name: "Root mean square error" + of, value: one.rootMeanSquareError),
        Figure(key: "val_r2", name: "R²" + of, value: one.r2 ?? .nan),
      ]
    }
    sentence =
      "On \(NumberText.counted(figures.count, "validation image", "validation images"))\(epoch), "
      + figures.values.map { "\($0.name) is off by \(NumberText.short($0.meanAbsoluteError)) on average" }
      .joined(separator: ", ") + "."
  }

  private init(_ figures: ClassificationFigures, epoch: String) {
    main = Figure(key: "val_accuracy", name: "Accuracy", value: figures.accuracy, interval: figures.interval)
    tiles =
      [main]
      + figures.others.compactMap { other in
        other.value.map { Figure(key: other.name.lowercased(), name: other.name, value: $0) }
      }
    sentence =
      "\(figures.confusion.correct) of \(NumberText.counted(figures.count, "validation image", "validation images")) "
      + "\(figures.confusion.correct == 1 ? "is" : "are") classified rightly\(epoch): accuracy \(main.text)"
      + (main.intervalText.map { " (95 % interval: \($0))" } ?? "") + "."
  }

  /// Of the epoch that was saved, by the history alone.
  private init?(history run: RunFolder, epoch: String) {
    let columns = (run.history?.columns ?? []).filter { $0.hasPrefix("val_") }
    let preferred = ["val_accuracy", "val_f1_macro", "val_mean_average_precision", "val_r2", "val_mae", "val_loss"]
    let order = preferred.filter(columns.contains) + columns.filter { !preferred.contains($0) }
    let figures = order.compactMap { column -> Figure? in
      guard let value = run.saved(column) else { return nil }
      return Figure(
        key: column, name: JSONValue.title(String(column.dropFirst(4))), value: value,
        interval: column == "val_accuracy" ? Self.interval(accuracy: value, images: run.validationImages) : nil)
    }
    guard let main = figures.first else { return nil }
    self.main = main
    tiles = figures
    sentence =
      "\(main.name) on the validation images\(epoch): \(main.text)"
      + (main.intervalText.map { " (95 % interval: \($0))" } ?? "") + "."
  }

  /// nil where the share is not one of so many images.
  static func interval(accuracy: Double, images: Int?) -> ClosedRange<Double>? {
    guard let images, images > 0, (0...1).contains(accuracy) else { return nil }
    let right = (accuracy * Double(images)).rounded()
    guard abs(right - accuracy * Double(images)) < 1e-3 else { return nil }
    return ProvisionalMetrics.wilson(Int(right), of: images)
  }

  private static func epoch(_ run: RunFolder) -> String {
    guard let saved = run.savedEpoch else { return "" }
    return " in epoch \(saved)" + (run.history.map { " of \($0.count)" } ?? "")
  }
}
