/// Lowers the learning rate when a metric no longer gets better:
/// `torch.optim.lr_scheduler.ReduceLROnPlateau`
/// (https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html).
///
/// After more than `patience` observations in a row that are no better than the best by `threshold`, the factor is multiplied by
/// `reduction`; then bad observations are not counted for `cooldown` ones. A metric that is NaN is no better. The whole
/// value is what a checkpoint keeps.
public struct ReduceOnPlateau: Hashable, Sendable, Codable {
  /// Which way is better.
  public enum Goal: String, Hashable, Sendable, Codable {
    /// As for a loss.
    case lower
    /// As for an accuracy.
    case higher
  }

  /// What better is measured in.
  public enum ThresholdMode: String, Hashable, Sendable, Codable {
    /// A share of the best metric.
    case relative
    /// The metric's own unit.
    case absolute
  }

  public let goal: Goal
  public let reduction: Double
  public let patience: Int
  public let threshold: Double
  public let thresholdMode: ThresholdMode
  public let cooldown: Int
  /// The least factor: `min_lr` as a share of the first rate.
  public let floor: Double

  /// What the learning rate is multiplied by.
  public private(set) var factor = 1.0
  /// The best metric so far; nil before the first that is a number.
  public private(set) var best: Double?
  /// Observations in a row that were no better.
  public private(set) var badObservations = 0
  /// Observations for which bad ones are not counted yet.
  public private(set) var cooldownLeft = 0

  public init(
    goal: Goal, reduction: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
    thresholdMode: ThresholdMode = .relative, cooldown: Int = 0, floor: Double = 0
  ) {
    self.goal = goal
    self.reduction = reduction
    self.patience = patience
    self.threshold = threshold
    self.thresholdMode = thresholdMode
    self.cooldown = cooldown
    self.floor = floor
  }

  /// Takes in the metric of one epoch.
  public mutating func observe(_ metric: Double) {
    if isBetter(metric) {
      best = metric
      badObservations = 0
    } else {
      badObservations += 1
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      badObservations = 0
    }
    if badObservations > patience {
      // Steps too small to matter are not made, as in PyTorch.
      let lower = max(factor * reduction, floor)
      if factor - lower > 1e-8 { factor = lower }
      cooldownLeft = cooldown
      badObservations = 0
    }
  }

  private func isBetter(_ metric: Double) -> Bool {
    guard let best else { return metric.isFinite }
    return switch (goal, thresholdMode) {
    case (.lower, .relative): metric < best * (1 - threshold)
    case (.lower, .absolute): metric < best - threshold
    case (.higher, .relative): metric > best * (1 + threshold)
    case (.higher, .absolute): metric > best + threshold
    }
  }
}
