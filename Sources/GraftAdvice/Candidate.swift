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
  let measured: MeasuredNetwork
  let facts: AdviceFacts
  /// What solving a head on the probed photographs took.
  let solverSeconds: Double
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
    let graph = try model.logits
    let stages = try plan.transfer.resolved(on: model.graph, head: model.head, epochs: plan.epochs ?? 1)
    let last = stages[stages.count - 1]
    // The pass of the frozen network whose features the solver takes.
    let whole = measured.times.layers.values.reduce(0) { $0 + $1.inference }
    let images = Double(data.training.count + data.validation.count)
    var seconds = images * (measured.decode + whole) + solverSeconds
    var perEpoch = 0.0
    for (stage, cache) in zip(stages, try caches(plan, stages)) where depth != .head {
      let times = measured.times.times(of: stage.freezePlan, on: graph, batch: plan.batch ?? configuration.batch)
      let prediction = TimePrediction(
        times, rates: TimePrediction.Rates(decode: measured.decode, start: measured.start),
        amount: TimePrediction.Amount(
          trainingImages: data.training.count, validationImages: data.validation.count, views: cache.views,
          epochs: stage.epochs, training: .init(cache.training), validation: .init(cache.validation),
          bytesPerImage: cache.bytesPerImage))
      seconds += prediction.total
      perEpoch = prediction.laterEpoch
    }
    return AdaptationCandidate(
      depth: depth, plan: plan,
      trainableParameters: last.freezePlan.trainableParameters(of: graph).reduce(0) { $0 + $1.shape.count },
      frontier: last.freezePlan.frontier(of: graph), cost: last.freezePlan.cost(of: graph), seconds: seconds,
      secondsPerEpoch: perEpoch, expectedGain: ExpectedGain(facts).points(of: depth, stages: stageCount))
  }

  /// What each stage remembers of its images.
  func caches(_ plan: AdaptationPlan, _ stages: [ResolvedStage]) throws -> [CachePlan] {
    let graph = try model.logits
    return try stages.map { stage in
      var alone = configuration
      alone.epochs = stage.epochs
      if let words = plan.augmentation, stage.selector != .head { alone.augmentation = try .parse(words) }
      alone.views = plan.views
      return CachePlan(
        frontier: try stage.freezePlan.frontier(of: graph).map { try graph.node($0) },
        trainingImages: data.training.count, validationImages: data.validation.count, configuration: alone)
    }
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

extension TimePrediction.Keeping {
  /// Reading from a disk is as fast as a plain solid-state one, about.
  init(_ place: CachePlan.Place) {
    switch place {
    case .memory: self = .memory
    case .disk: self = .disk(bytesPerSecond: 500e6)
    case .nowhere: self = .nowhere
    }
  }
}
