import GraftPlanning

/// A part of a training in which the same parameters train: a training of its own on what the stage before has left.
public struct TrainingStage: Hashable, Sendable, Codable {
  public var plan: FreezePlan
  public var epochs: Int
  /// Before the schedule and the plan's factors.
  public var learningRate: Double

  public init(plan: FreezePlan, epochs: Int, learningRate: Double) {
    self.plan = plan
    self.epochs = epochs
    self.learningRate = learningRate
  }
}
