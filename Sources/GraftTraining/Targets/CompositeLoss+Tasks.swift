import GraftGraph
import GraftImages
import GraftLearning

extension CompositeLoss {
  /// The loss of a model's heads: the configuration's for each task it suits, otherwise the task's own.
  ///
  /// - Parameter training: of whose classes the weights are, where the configuration balances them.
  init(_ targets: TaskTargets, _ configuration: TrainingConfiguration, training: [Sample]) {
    self.init(
      zip(targets.tasks.indices, targets.columns).map { index, columns in
        let task = targets.tasks[index]
        // Where a teacher is, there is one task and one loss.
        let loss =
          configuration.losses.first { $0.kind.suits(task) || $0.kind == .distillation }
          ?? LossConfiguration(task.usualLoss)
        return Head(
          columns: columns,
          loss: loss.loss(weights: configuration.classWeights.weights(of: task, at: index, in: training)))
      })
  }
}

extension PredictionTask {
  /// The loss that a head is trained by where nobody says.
  var usualLoss: LossKind {
    switch self {
    case .classification: .crossEntropy
    case .multiLabel: .bce
    case .regression: .mse
    }
  }
}

extension LossKind {
  /// Whether the loss is for what the task's targets are.
  func suits(_ task: PredictionTask) -> Bool {
    switch task {
    case .classification: targets.contains(.classes)
    case .multiLabel: targets.contains(.labels)
    case .regression: targets.contains(.values)
    }
  }
}

/// How much each class counts in the loss.
public enum ClassWeights: Hashable, Sendable, Codable {
  /// All the same.
  case equal
  /// n / (k · nₑ): of n images of k classes, those of the class e, which there are nₑ of, together as much as those of any other.
  case balanced
  /// As given, in the order of the first task's classes.
  case given([Float])

  /// - Returns: nil where all count the same.
  func weights(of task: PredictionTask, at index: Int, in samples: [Sample]) -> [Float]? {
    switch (self, task) {
    case (.equal, _), (_, .regression): return nil
    case (.given(let weights), _): return index == 0 ? weights : nil
    case (.balanced, .classification(let classes)):
      var counts = [Int](repeating: 0, count: classes.count)
      for sample in samples {
        if case .oneClass(let label) = sample.targets[index] { counts[label] += 1 }
      }
      let present = counts.count { $0 > 0 }
      return counts.map { $0 == 0 ? 0 : Float(samples.count) / Float(present * $0) }
    case (.balanced, .multiLabel(let names)):
      // A label that holds counts as often as there are images where it does not.
      var counts = [Int](repeating: 0, count: names.count)
      for sample in samples {
        if case .labels(let labels) = sample.targets[index] { for label in labels { counts[label] += 1 } }
      }
      return counts.map { $0 == 0 ? 1 : Float(samples.count - $0) / Float($0) }
    }
  }
}
