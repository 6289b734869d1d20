import GraftGraph

/// How many images each class, or label, has, and the weights that make up for it.
public struct ClassBalance: Hashable, Sendable {
  public let names: [String]
  /// Images of each class; for labels, images on which each holds.
  public let counts: [Int]
  /// All images of the task.
  public let total: Int
  /// Whether an image may have several of the names.
  public let isMultiLabel: Bool

  /// - Parameter task: the position of a task that has classes or labels.
  /// - Returns: nil where the task predicts values.
  public init?(_ samples: [Sample], tasks: [PredictionTask], task: Int = 0) {
    guard tasks.indices.contains(task) else { return nil }
    switch tasks[task] {
    case .classification: isMultiLabel = false
    case .multiLabel: isMultiLabel = true
    case .regression: return nil
    }
    names = tasks[task].names
    var counts = [Int](repeating: 0, count: names.count)
    var total = 0
    for sample in samples where sample.targets.indices.contains(task) {
      total += 1
      switch sample.targets[task] {
      case .oneClass(let label): counts[label] += 1
      case .labels(let labels): for label in labels { counts[label] += 1 }
      case .values: break
      }
    }
    (self.counts, self.total) = (counts, total)
  }

  /// The largest class divided by the smallest that has images; nil where none has.
  public var imbalance: Double? {
    guard let most = counts.max(), most > 0, let least = counts.filter({ $0 > 0 }).min() else { return nil }
    return Double(most) / Double(least)
  }

  /// scikit-learn's `class_weight="balanced"`: n / (k · n_c) for n images, k classes with images and n_c of class c; 0 for a
  /// class without any. Their mean over all images is 1.
  ///
  /// For labels: the negatives for each positive, as PyTorch's `pos_weight` has it; 0 for a label that holds nowhere.
  public var balancedWeights: [Float] {
    let present = counts.count { $0 > 0 }
    return counts.map { count in
      guard count > 0 else { return 0 }
      return isMultiLabel
        ? Float(Double(total - count) / Double(count)) : Float(Double(total) / Double(present * count))
    }
  }
}
