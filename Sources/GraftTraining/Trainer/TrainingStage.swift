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
  /// The plan for a model: the network that trains, with low-rank adapters where the plan wants them, and its stages.
  ///
  /// - Parameters:
  ///   - learningRate, epochs: of the training, for stages that do not say their own.
  ///   - solver: computes the head first; in place of the training where the only stage is the head alone.
  ///   - seed: of what adapters start from.
  /// - Throws: `PlanningError` where a selector finds nothing, a stage is left without an epoch, or adapters have nothing to adapt.
  public func applied(
    to model: TrainedModel, epochs: Int, learningRate: Double, solver: HeadSolver? = nil, seed: UInt64
  ) throws -> (model: TrainedModel, stages: [TrainingStage]) {
    let resolved = try resolved(on: model.graph, head: model.head, epochs: epochs)
    var stages = resolved.stages.map { stage in
      TrainingStage(
        plan: stage.freezePlan, epochs: stage.epochs, learningRate: stage.rate.value(of: learningRate),
        parameters: stage.parameters)
    }
    var adapted = model
    if let adapters = resolved.adapters {
      adapted.graph = resolved.graph
      adapted.adapters = adapters
      adapted.parameters.merge(adapters.initialized(in: resolved.graph, seed: seed))
    }
    guard let solver else { return (adapted, stages) }
    let head = try FreezePlan(.head, graph: model.graph, head: model.head, batchNorm: batchNorm)
    if stages.first?.plan == head { stages.removeFirst() }
    stages.insert(TrainingStage(plan: head, epochs: 1, learningRate: learningRate, solver: solver), at: 0)
    return (adapted, stages)
  }
}
