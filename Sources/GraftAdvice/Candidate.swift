import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors
import GraftTraining

/// How much of the network trains, from least to most.
public enum AdaptationDepth: Hashable, Sendable, Codable, Comparable {
  /// The head alone, solved to its optimum.
  case head
  /// The head, then so many of the network's last stages.
  case lastStages(Int)
  /// The head, then everything.
  case all

  private var rank: Int {
    switch self {
    case .head: 0
    case .lastStages(let count): count
    case .all: .max
    }
  }

  public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }

  /// `the head alone`, `the last stage`.
  public var words: String {
    switch self {
    case .head: "the head alone"
    case .lastStages(1): "the last stage"
    case .lastStages(let count): "the last \(count) stages"
    case .all: "all stages"
    }
  }
}

/// A way to adapt the network, and what it would cost on this machine.
public struct AdaptationCandidate: Hashable, Sendable, Codable {
  public let depth: AdaptationDepth
  public let plan: AdaptationPlan
  public let trainableParameters: Int
  /// Where the frozen part ends, in the last stage of the plan.
  public let frontier: [String]
  /// Of one photograph; in the last stage of the plan.
  public let cost: PlanCost
  /// For the whole training, validation included.
  public let seconds: Double
  /// In the last stage of the plan; 0 where the head is only solved.
  public let secondsPerEpoch: Double
  /// What training it is expected to add to the head's accuracy, 0 to 1: see `ExpectedGain`.
  public let expectedGain: Double
  /// In bytes; nil where nobody needed to know.
  public internal(set) var memory: Int?
}

/// What decides plans and their costs, beside the network.
struct CandidateMaker: Sendable {
  let model: TrainedModel
  let data: ImageDatasets
  let facts: AdviceFacts
  let times: TrainingTimes
  /// What a plan leaves open.
  let configuration: TrainingConfiguration

  /// The ways that this network has, each with its own number of epochs.
  func candidates() throws -> [AdaptationCandidate] {
    var depths: [AdaptationDepth] = [.head]
    if stageCount > 1 { depths.append(.lastStages(1)) }
    if stageCount > 3 { depths.append(.lastStages(2)) }
    if stageCount > 0 { depths.append(.all) }
    return try depths.map { try candidate($0) }
  }

  /// - Parameter epochs: nil for as many as are worth it.
  func candidate(_ depth: AdaptationDepth, epochs: Int? = nil) throws -> AdaptationCandidate {
    let plan = PlanTemplate(facts).plan(depth, epochs: epochs)
    let trainer = try trainer(of: plan)
    let graph = try model.logits
    let stages = try times(trainer)
    return AdaptationCandidate(
      depth: depth, plan: plan,
      trainableParameters: trainer.plan.trainableParameters(of: graph).reduce(0) { $0 + $1.shape.count },
      frontier: trainer.plan.frontier(of: graph), cost: trainer.plan.cost(of: graph),
      seconds: stages.reduce(0) { $0 + $1.total },
      secondsPerEpoch: depth == .head ? 0 : stages.last?.laterEpoch ?? 0,
      expectedGain: ExpectedGain(facts).points(of: depth, stages: stageCount))
  }

  /// The training that follows a plan.
  func trainer(of plan: AdaptationPlan) throws -> Trainer {
    let configuration = try plan.applied(to: configuration)
    let (model, stages) = try plan.transfer.applied(
      to: model, epochs: configuration.epochs, learningRate: configuration.learningRate, solver: plan.solver,
      seed: configuration.seed)
    return try Trainer(
      model, stages: stages, configuration: configuration, training: data.training, validation: data.validation)
  }

  /// Of the backbone, with something to train in it.
  var stageCount: Int {
    let stageByNode = model.graph.stageByNode
    return Set(
      model.graph.nodes.filter { !model.head.contains($0.name) && $0.parameters.contains(where: \.isTrainable) }
        .compactMap { stageByNode[$0.name] }
    ).count
  }
}
