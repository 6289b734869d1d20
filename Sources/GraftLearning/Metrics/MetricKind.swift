/// A number that says how good a model is: what early stopping watches, plots show, and candidates are ranked by.
public enum MetricKind: String, CaseIterable, Hashable, Sendable, Codable {
  /// The loss that is trained on.
  case loss
  case accuracy
  case topAccuracy = "top_accuracy"
  case balancedAccuracy = "balanced_accuracy"
  case microF1 = "micro_f1"
  case macroF1 = "macro_f1"
  case weightedF1 = "weighted_f1"
  case macroPrecision = "macro_precision"
  case macroRecall = "macro_recall"
  /// The area under the ROC curve.
  case auc
  case averagePrecision = "average_precision"
  case logLoss = "log_loss"
  case brier
  case calibrationError = "ece"
  case kappa
  case matthews = "mcc"
  case subsetAccuracy = "subset_accuracy"
  case hammingLoss = "hamming_loss"
  case rankingAveragePrecision = "lrap"
  case meanAbsoluteError = "mae"
  case rootMeanSquareError = "rmse"
  case medianAbsoluteError = "median_ae"
  case r2

  public enum Direction: String, Hashable, Sendable, Codable {
    case higher, lower
  }

  /// The kind of that name, in any case, with `-` or `_`, and with or without the `val_` of a validation set before it; nil for an
  /// unknown name, for which `names` tells what is known.
  public init?(named name: String) {
    var name = name.lowercased().replacing("-", with: "_")
    if name.hasPrefix("val_") { name.removeFirst(4) }
    self.init(rawValue: name)
  }

  /// Every known name, for messages and help.
  public static var names: [String] { allCases.map(\.rawValue) }

  /// Which way is better.
  public var better: Direction {
    switch self {
    case .loss, .logLoss, .brier, .calibrationError, .hammingLoss, .meanAbsoluteError, .rootMeanSquareError,
      .medianAbsoluteError:
      .lower
    case .accuracy, .topAccuracy, .balancedAccuracy, .microF1, .macroF1, .weightedF1, .macroPrecision, .macroRecall,
      .auc, .averagePrecision, .kappa, .matthews, .subsetAccuracy, .rankingAveragePrecision, .r2:
      .higher
    }
  }

  /// Whether one value is better than another. What is not there, or no number, is never better than anything, and worse
  /// than any number.
  public func isBetter(_ value: Double?, than other: Double?) -> Bool {
    guard let value, !value.isNaN else { return false }
    guard let other, !other.isNaN else { return true }
    return better == .higher ? value > other : value < other
  }

  /// The number in a report; nil where the report has none such, as an accuracy of values, or it is not defined. The loss
  /// is in no report.
  public func value(in report: PredictionReport) -> Double? {
    switch report {
    case .classes(let report): value(in: report)
    case .labels(let report): value(in: report)
    case .values(let report): value(in: report)
    }
  }

  private func value(in report: ClassificationReport) -> Double? {
    switch self {
    case .accuracy: report.accuracy
    case .topAccuracy: report.topAccuracy
    case .balancedAccuracy: report.balancedAccuracy
    case .auc: report.areaUnderROC
    case .averagePrecision: report.averagePrecision
    case .logLoss: report.logLoss
    case .brier: report.brierScore
    case .calibrationError: report.calibration?.expectedError
    case .kappa: report.kappa
    case .matthews: report.matthews
    default: value(in: report.averages)
    }
  }

  private func value(in report: MultiLabelReport) -> Double? {
    switch self {
    case .subsetAccuracy: report.subsetAccuracy
    case .hammingLoss: report.hammingLoss
    // What Keras and others call the accuracy of labels.
    case .accuracy: report.hammingLoss.map { 1 - $0 }
    case .auc: report.areaUnderROC
    case .averagePrecision: report.averagePrecision
    case .rankingAveragePrecision: report.rankingAveragePrecision
    default: value(in: report.averages)
    }
  }

  private func value(in report: RegressionReport) -> Double? {
    switch self {
    case .meanAbsoluteError: report.mean.meanAbsolute
    case .rootMeanSquareError: report.mean.rootMeanSquare
    case .medianAbsoluteError: report.mean.medianAbsolute
    case .r2: report.mean.explained
    default: nil
    }
  }

  private func value(in averages: AveragedPrecisionRecall) -> Double? {
    switch self {
    case .microF1: averages.micro.f1
    case .macroF1: averages.macro.f1
    case .weightedF1: averages.weighted.f1
    case .macroPrecision: averages.macro.precision
    case .macroRecall: averages.macro.recall
    default: nil
    }
  }
}

extension MetricKind: CustomStringConvertible {
  public var description: String { rawValue }
}

/// What is said about a model's predictions, by the kind of what it predicts.
public enum PredictionReport: Hashable, Sendable, Codable {
  case classes(ClassificationReport)
  case labels(MultiLabelReport)
  case values(RegressionReport)
}
