import Foundation
import Graft

/// What is settled before anything trains: the plan, whether it fits, the precision.
extension Finetune {
  /// Refuses what memory or disk cannot hold, with what comes nearest; before anything runs.
  func requireFit(_ tuning: FineTuning) async throws {
    let resources = frontier.resources
    guard !TrainingFit.isSmall(tuning.trainer, within: resources) else { return }
    try await EngineActor.run { try TrainingFit(tuning.trainer, within: resources).requireFit() }
  }

  /// The plan of a file, or one that is found out; nil where none is asked for.
  func adaptationPlan(_ backbone: Backbone?, _ photographs: ImageDatasets) async throws -> AdaptationPlan? {
    guard let plan else { return nil }
    guard plan == Self.automatic else { return try AdaptationPlan(contentsOf: URL(filePath: plan)) }
    var configuration = optimization.configuration(nil, seed: seed, isStrict: images.strict)
    // What is tried for the advice learns from labels alone.
    configuration.losses.removeAll { $0.kind == .distillation }
    frontier.apply(to: &configuration)
    var advisor =
      if let backbone {
        try Advisor(
          backbone: backbone, data: photographs, pooling: start.pool, resize: start.resize.resize,
          configuration: configuration)
      } else {
        try Advisor(
          ModelFiles.read(from: URL(filePath: start.from ?? "")), data: photographs, configuration: configuration)
      }
    advisor.precision = try precision?.choice()?.precision
    advisor.limits.resources = frontier.resources
    let advice = try await advisor.advise(budget: budget.map { try AdviceLimits.seconds(parsing: $0) }) { $0.show() }
    Terminal.standard.finishLine()
    return advice.plan
  }

  /// Settles what is multiplied, before anything is trained: as told, as the run that is gone on from, or by a trial.
  func choosePrecision(_ asked: PrecisionChoice?, of tuning: FineTuning) async throws -> FineTuning {
    if let asked { return try tuning.computing(asked) }
    if precision == nil, let from = start.from {
      let choice = try PrecisionChoice.ofRun(URL(filePath: from))
      if let line = choice.lineOfRun { Terminal.standard.write(line) }
      return try tuning.computing(choice)
    }
    let chosen = try await tuning.choosingPrecision()
    if let line = chosen.precisionChoice.line { Terminal.standard.write(line) }
    return chosen
  }
}
