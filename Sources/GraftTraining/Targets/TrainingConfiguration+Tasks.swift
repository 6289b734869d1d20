import GraftGraph
import GraftLearning

extension TrainingConfiguration {
  /// Refuses what would otherwise be left undone without a word: losses, metrics and samplers that suit none of the model's tasks.
  ///
  /// - Throws: `TrainingError.invalidOption`.
  func validate(for tasks: [PredictionTask]) throws(TrainingError) {
    // Of distillation, which is for whatever a teacher is for, the teacher's own check speaks.
    for loss in losses where loss.kind != .distillation && !tasks.contains(where: loss.kind.suits) {
      let suited = LossKind.allCases.filter { kind in tasks.contains(where: kind.suits) }.map(\.rawValue)
      throw .invalidOption(
        option: "--loss", expected: suited.joined(separator: ", ") + " for these photographs", found: "\(loss)")
    }
    if let monitor, let first = tasks.first, !monitor.suits(first) {
      let suited = MetricKind.allCases.filter { $0.suits(first) }.map(\.rawValue)
      throw .invalidOption(
        option: "--monitor", expected: suited.joined(separator: ", ") + " for these photographs", found: "\(monitor)")
    }
    let classes: [String]? = if case .classification(let names)? = tasks.first { names } else { nil }
    if drawsClassesEqually, classes == nil {
      throw .invalidOption(
        option: "--balance-sampling", expected: "photographs of one class each", found: "asked for, without classes")
    }
    if case .given(let weights) = classWeights, weights.count != classes?.count {
      throw .invalidOption(
        option: "the number of class weights", expected: "\(classes?.count ?? 0), one for each class",
        found: "\(weights.count)")
    }
  }
}

extension MetricKind {
  /// Whether there is such a number of a task's predictions.
  func suits(_ task: PredictionTask) -> Bool {
    if self == .loss { return true }
    return switch task {
    case .classification: !Self.ofValues.contains(self) && !Self.ofLabels.contains(self)
    case .multiLabel: !Self.ofValues.contains(self) && !Self.ofClasses.contains(self)
    case .regression: Self.ofValues.contains(self)
    }
  }

  private static let ofValues: Set<MetricKind> = [
    .meanAbsoluteError, .rootMeanSquareError, .medianAbsoluteError, .r2,
  ]
  private static let ofLabels: Set<MetricKind> = [.subsetAccuracy, .hammingLoss, .rankingAveragePrecision]
  private static let ofClasses: Set<MetricKind> = [
    .topAccuracy, .balancedAccuracy, .logLoss, .brier, .calibrationError, .kappa, .matthews,
  ]
}
