import GraftGraph
import GraftPlanning

/// A part of a training in which the same parameters train: a training of its own on what the stage before has left.
public struct TrainingStage: Hashable, Sendable, Codable {
  public var plan: FreezePlan
  public var epochs: Int
  /// Before the schedule and the parameters' own factors.
  public var learningRate: Double
  /// How fast each parameter that trains moves, and what pulls it where to, by its name.
  public var parameters: [String: ParameterPlan]
  /// Computes the head at once instead of training; what the plan trains must be a linear head. One epoch.
  public var solver: HeadSolver?

  public init(
    plan: FreezePlan, epochs: Int, learningRate: Double, parameters: [String: ParameterPlan] = [:],
    solver: HeadSolver? = nil
  ) {
    self.plan = plan
    self.epochs = epochs
    self.learningRate = learningRate
    self.parameters = parameters
    self.solver = solver
  }
}

extension TransferPlan {
  /// The plan's stages for a model.
  ///
  /// - Parameters:
  ///   - learningRate, epochs: of the training, for stages that do not say their own.
  ///   - solver: computes the head first; in place of the training where the only stage is the head alone.
  /// - Throws: `PlanningError` where a selector finds nothing, or a stage is left without an epoch.
  public func trainingStages(
    for model: TrainedModel, epochs: Int, learningRate: Double, solver: HeadSolver? = nil
  ) throws(PlanningError) -> [TrainingStage] {
    var stages = try resolved(on: model.graph, head: model.head, epochs: epochs).map { stage in
      TrainingStage(
        plan: stage.freezePlan, epochs: stage.epochs, learningRate: stage.rate.value(of: learningRate),
        parameters: stage.parameters)
    }
    guard let solver else { return stages }
    let head = try FreezePlan(.head, graph: model.graph, head: model.head, batchNorm: batchNorm)
    if stages.first?.plan == head { stages.removeFirst() }
    stages.insert(TrainingStage(plan: head, epochs: 1, learningRate: learningRate, solver: solver), at: 0)
    return stages
  }
}
