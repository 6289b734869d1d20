import GraftLearning
import GraftPlanning
import GraftTraining

/// The plan of a depth, with rates, epochs and views for so many photographs.
///
/// The numbers are those that did best in trials on three data sets with four networks: docs/PLANNING.md.
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
      TransferPlan(StagedPlan(PlanStage(selector, epochs: epochs)), rates: relearns(depth) ? .uniform : .decay(0.6)),
      solver: HeadSolver(.lbfgs), epochs: epochs, batch: facts.images < 400 ? 16 : 32,
      learningRate: relearns(depth) ? 1e-3 : 1e-4, optimizer: .adamw, schedule: schedule,
      // What is frozen is computed once for each view: a few epochs of a few stages are not worth a view each.
      augmentation: depth == .all ? "crop" : nil)
  }

  /// Whether all of the network is to become another: then its early stages move as fast as the late ones. Otherwise it is to stay near
  /// what it was, the nearer the more general what a stage knows is.
  private func relearns(_ depth: AdaptationDepth) -> Bool { depth == .all && facts.distance == .far }

  func epochs(_ depth: AdaptationDepth) -> Int {
    let (photographs, most) = depth == .all ? (6_600, 16) : (1_500, 8)
    return min(max(photographs / max(facts.images, 1), 4), most)
  }
}
