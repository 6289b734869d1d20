import Foundation
import GraftGraph
import GraftLearning
import GraftTraining

/// What came of a run, by the numbers that its validation images gave.
struct RunOutcome {
  /// The number that tells most.
  let main: MetricFigure
  /// All that a reader looks for first, `main` among them.
  let tiles: [MetricFigure]
  let sentence: String
}

extension RunOutcome {
  /// - Parameter resamples: whether metrics have intervals that take a while.
  /// - Returns: nil where neither predictions nor history tell anything.
  init?(_ run: RunFolder, predictions: ValidationPredictions?, resamples: Bool = false) {
    let epoch = run.savedEpoch.map { saved in
      " in epoch \(saved)" + (run.history.map { " of \($0.count)" } ?? "")
    }
    let outcome: RunOutcome? =
      switch predictions?.tasks.first {
      case .classification?:
        predictions.flatMap { ClassificationFigures($0, task: 0) }.map { RunOutcome($0, epoch: epoch ?? "", resamples) }
      case .multiLabel?:
        predictions.flatMap { LabelFigures($0, task: 0) }.map { RunOutcome($0, epoch: epoch ?? "", resamples) }
      case .regression?:
        predictions.flatMap { RegressionFigures($0, task: 0) }.map { RunOutcome($0, epoch: epoch ?? "", resamples) }
      case nil: nil
      }
    guard let found = outcome ?? RunOutcome(history: run, epoch: epoch ?? "") else { return nil }
    self = found
  }

  private init(_ figures: ClassificationFigures, epoch: String, _ resamples: Bool) {
    let report = figures.report
    main = MetricFigure(.accuracy, report.accuracy ?? .nan, interval: figures.interval)
    tiles =
      [main]
      + MetricFigure.all(
        [
          (.balancedAccuracy, report.balancedAccuracy), (.macroF1, report.averages.macro.f1),
          (.auc, report.areaUnderROC), (.logLoss, report.logLoss),
          (.calibrationError, report.calibration?.expectedError), (.kappa, report.kappa), (.matthews, report.matthews),
        ], intervals: resamples ? figures.intervals : [:])
      + (figures.classes.count > report.top
        ? MetricFigure.all([(.topAccuracy, report.topAccuracy)], name: "Top-\(report.top) accuracy") : [])
    sentence =
      "\(NumberText.grouped(figures.right)) of "
      + "\(NumberText.counted(report.count, "validation image", "validation images")) "
      + "\(figures.right == 1 ? "is" : "are") classified rightly\(epoch): accuracy \(main.textWithInterval)."
  }

  private init(_ figures: LabelFigures, epoch: String, _ resamples: Bool) {
    let report = figures.report
    let exact = MetricFigure(.subsetAccuracy, report.subsetAccuracy ?? .nan, interval: figures.interval)
    main = MetricFigure(
      .macroF1, report.averages.macro.f1 ?? .nan, interval: resamples ? figures.intervals[.macroF1] : nil)
    tiles =
      [main, exact]
      + MetricFigure.all([
        (.averagePrecision, report.averagePrecision), (.auc, report.areaUnderROC), (.hammingLoss, report.hammingLoss),
        (.rankingAveragePrecision, report.rankingAveragePrecision),
      ])
    sentence =
      "The \(NumberText.counted(figures.labels.count, "label", "labels")) of "
      + "\(NumberText.counted(report.count, "validation image", "validation images")) have a mean F1 of "
      + "\(main.text)\(epoch); of all images, \(exact.textWithInterval) have every label right."
  }

  private init(_ figures: RegressionFigures, epoch: String, _ resamples: Bool) {
    let errors = figures.report.mean
    main = MetricFigure(.meanAbsoluteError, errors.meanAbsolute ?? .nan)
    tiles = figures.values.flatMap { one in
      MetricFigure.all(
        [
          (.meanAbsoluteError, one.errors.meanAbsolute), (.rootMeanSquareError, one.errors.rootMeanSquare),
          (.r2, one.errors.explained),
        ], intervals: resamples ? one.intervals : [:]
      ).map { figures.values.count > 1 ? $0.named("\($0.name), \(one.name)") : $0 }
    }
    sentence =
      "On \(NumberText.counted(figures.report.count, "validation image", "validation images"))\(epoch), "
      + figures.values.map { "\($0.name) is off by \(NumberText.short($0.errors.meanAbsolute)) on average" }
      .joined(separator: ", ") + "."
  }

  /// Of the epoch that was saved, by the history alone.
  private init?(history run: RunFolder, epoch: String) {
    let columns = (run.history?.columns ?? []).filter { $0.hasPrefix("val_") }
    let preferred = ["val_accuracy", "val_macro_f1", "val_mae", "val_r2", "val_loss"]
    let order = preferred.filter(columns.contains) + columns.filter { !preferred.contains($0) }
    let figures = order.compactMap { column in
      run.saved(column).map { value in
        MetricFigure(
          column: column, value,
          interval: column == "val_accuracy" ? Self.interval(accuracy: value, images: run.validationImages) : nil)
      }
    }
    guard let main = figures.first else { return nil }
    self.main = main
    tiles = figures
    sentence = "\(main.name) on the validation images\(epoch): \(main.textWithInterval)."
  }

  /// nil where the share is not one of so many images.
  private static func interval(accuracy: Double, images: Int?) -> ConfidenceInterval? {
    guard let images, (0...1).contains(accuracy) else { return nil }
    let right = (accuracy * Double(images)).rounded()
    return abs(right - accuracy * Double(images)) < 1e-3 ? .wilson(successes: right, count: Double(images)) : nil
  }
}
