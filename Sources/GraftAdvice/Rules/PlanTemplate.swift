import GraftLearning
import GraftPlanning
import GraftTraining

/// The plan of a depth, with rates, epochs and views for so many photographs.
struct PlanTemplate {
  /// Fewer would end before the learning rate has come down.
  static let fewestEpochs = 3

  private let facts: AdviceFacts

  init(_ facts: AdviceFacts) {
    self.facts = facts
  }

  /// - Parameter epochs: nil for as many as are worth it.
  func plan(_ depth: AdaptationDepth, epochs: Int? = nil) -> AdaptationPlan {
    guard depth != .head else { return AdaptationPlan(TransferPlan(StagedPlan(.head)), solver: HeadSolver(.lbfgs)) }
    let epochs = epochs ?? self.epochs(depth)
    let selector: LayerSelector =
      if case .lastStages(let count) = depth { .lastStages(count) } else { .all }
    var schedule = LearningRateSchedule(.cosine)
    schedule.warmup = epochs > Self.fewestEpochs ? 1 : nil
    return AdaptationPlan(
      // Each stage further down moves more slowly: what it knows is more general.
      TransferPlan(StagedPlan(PlanStage(selector, epochs: epochs)), rates: .decay(0.6)),
      solver: HeadSolver(.lbfgs), epochs: epochs, batch: facts.images < 400 ? 16 : 32, learningRate: 3e-4,
      optimizer: .adamw, schedule: schedule, augmentation: "crop,flip", patience: max(epochs / 2, 3))
  }

  /// About 6,000 photographs seen, within reason.
  func epochs(_ depth: AdaptationDepth) -> Int {
    min(max(12_000 / max(facts.images, 1), 8), 20)
  }
}
