import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors

extension PredictionReport {
  /// What is said about predictions of a task whose targets are known.
  ///
  /// - Precondition: each sample has a target of the task's kind.
  /// - Returns: nil without predictions.
  public init?(_ predictions: [Prediction], task: Int = 0) {
    guard let first = predictions.first else { return nil }
    let outputs = predictions.flatMap { $0.outputs[task] }
    let targets = predictions.map { $0.sample.targets[task] }
    let weights =
      predictions.contains { $0.sample.weight != 1 } ? predictions.map { Double($0.sample.weight) } : nil
    let names = first.tasks[task].names
    switch first.tasks[task] {
    case .classification:
      let labels = targets.map { if case .oneClass(let label) = $0 { label } else { 0 } }
      self = .classes(
        ClassificationReport(probabilities: outputs, labels: labels, classes: names.count, weights: weights))
    case .multiLabel:
      let truths = targets.flatMap { target -> [Bool] in
        guard case .labels(let labels) = target else { return names.map { _ in false } }
        return names.indices.map(labels.contains)
      }
      self = .labels(
        MultiLabelReport(probabilities: outputs, truths: truths, labels: names.count, weights: weights))
    case .regression:
      let truths = targets.flatMap { target -> [Float] in
        if case .values(let values) = target { values } else { [] }
      }
      self = .values(RegressionReport(predictions: outputs, truths: truths, values: names.count, weights: weights))
    }
  }
}

extension TaskTargets {
  /// Numbers of the validation images that an epoch's record has beside loss and accuracy: what the task is usually judged by
  /// where that is another, and what the best epoch is chosen by.
  func metrics(_ pass: ValidationPass, monitor: MetricKind?) -> [String: Double] {
    let usual: [MetricKind] =
      switch tasks[0] {
      case .classification: []
      case .multiLabel: [.macroF1]
      case .regression: [.meanAbsoluteError, .r2]
      }
    let wanted = usual + (monitor.map { $0 == .loss || $0 == .accuracy || usual.contains($0) ? [] : [$0] } ?? [])
    guard !wanted.isEmpty,
      let report = PredictionReport(predictions(outputs: pass.outputs, of: pass.samples))
    else { return [:] }
    return wanted.reduce(into: [:]) { $0[$1.rawValue] = $1.value(in: report) }
  }

  /// Targets of images that were mixed: of classes and labels, as much of each as there is of the images.
  func mixed(_ targets: [Targets], by mixture: BatchMixture) -> [Targets] {
    zip(targets, tasks).map { targets, task in
      switch targets {
      case .classes(let classes):
        var rows = [Float](repeating: 0, count: classes.count * task.names.count)
        for (row, label) in classes.enumerated() { rows[row * task.names.count + label] = 1 }
        return .distributions(mixture.mixed(rows: Tensor(rows, shape: [classes.count, task.names.count])))
      case .distributions(let rows): return .distributions(mixture.mixed(rows: rows))
      case .labels(let rows): return .labels(mixture.mixed(rows: rows))
      case .values(let rows): return .values(mixture.mixed(rows: rows))
      case .taught: return targets
      }
    }
  }
}

extension EpochRecord {
  /// The number that the best epoch is chosen by.
  func value(of monitor: MetricKind?) -> Double? {
    switch monitor {
    case nil: valAccuracy ?? valLoss
    case .loss?: valLoss
    case .accuracy?: valAccuracy
    case let other?: metrics[other.rawValue]
    }
  }

  /// Whether this epoch is the better one: by the metric, among equals by the lesser loss.
  func isBetter(than other: EpochRecord, by monitor: MetricKind?) -> Bool {
    let kind = monitor ?? (valAccuracy == nil ? .loss : .accuracy)
    let (own, others) = (value(of: kind), other.value(of: kind))
    return own == others ? valLoss < other.valLoss : kind.isBetter(own, than: others)
  }
}
