import GraftLearning

/// A metric's value with what it is called, and how it is written.
struct MetricFigure {
  /// As in `history.csv`: `val_accuracy`.
  let key: String
  let name: String
  let value: Double
  let interval: ConfidenceInterval?

  private init(key: String, name: String, value: Double, interval: ConfidenceInterval?) {
    (self.key, self.name, self.value, self.interval) = (key, name, value, interval)
  }

  init(_ kind: MetricKind, _ value: Double, interval: ConfidenceInterval? = nil) {
    self.init(key: "val_" + kind.rawValue, name: Self.names[kind] ?? kind.rawValue, value: value, interval: interval)
  }

  /// Of any column that a history may have.
  init(column: String, _ value: Double, interval: ConfidenceInterval? = nil) {
    let bare = column.hasPrefix("val_") ? String(column.dropFirst(4)) : column
    let name = MetricKind(named: column).flatMap { Self.names[$0] } ?? JSONValue.title(bare)
    self.init(key: column, name: name, value: value, interval: interval)
  }

  /// Those that there are.
  static func all(
    _ values: [(MetricKind, Double?)], name: String? = nil, intervals: [MetricKind: ConfidenceInterval] = [:]
  ) -> [MetricFigure] {
    values.compactMap { kind, value in
      value.map { value in
        let figure = MetricFigure(kind, value, interval: intervals[kind])
        return name.map { figure.named($0) } ?? figure
      }
    }
  }

  func named(_ name: String) -> MetricFigure {
    MetricFigure(key: key, name: name, value: value, interval: interval)
  }

  var text: String { text(value) }

  /// `87.6 % to 95.9 %`.
  var intervalText: String? { interval.map { "\(text($0.lower)) to \(text($0.upper))" } }

  /// `92.8 % (95 % interval: 87.6 % to 95.9 %)`.
  var textWithInterval: String { text + (intervalText.map { " (95\u{a0}% interval: \($0))" } ?? "") }

  private static let shares: Set<MetricKind> = [
    .accuracy, .topAccuracy, .balancedAccuracy, .subsetAccuracy, .calibrationError,
  ]

  private func text(_ value: Double) -> String {
    if let kind = MetricKind(named: key), Self.shares.contains(kind) { return NumberText.percent(value) }
    return abs(value) >= 100 || (abs(value) < 0.01 && value != 0) ? NumberText.short(value) : NumberText.fixed(value, 3)
  }

  private static let names: [MetricKind: String] = [
    .loss: "Loss", .accuracy: "Accuracy", .topAccuracy: "Top-k accuracy", .balancedAccuracy: "Balanced accuracy",
    .microF1: "F1, micro", .macroF1: "F1, macro", .weightedF1: "F1, weighted", .macroPrecision: "Precision, macro",
    .macroRecall: "Recall, macro", .auc: "AUC", .averagePrecision: "Average precision", .logLoss: "Log-loss",
    .brier: "Brier score", .calibrationError: "Calibration error", .kappa: "Cohen’s kappa", .matthews: "Matthews",
    .subsetAccuracy: "All labels right", .hammingLoss: "Hamming loss", .rankingAveragePrecision: "Ranking precision",
    .meanAbsoluteError: "Mean absolute error", .rootMeanSquareError: "Root mean square error",
    .medianAbsoluteError: "Median absolute error", .r2: "R²",
  ]
}
