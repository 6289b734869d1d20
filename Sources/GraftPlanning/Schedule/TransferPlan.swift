import GraftGraph

/// All that is decided about a network's parameters before a training: what trains, in which stages, how batch
/// normalisations behave, how fast and towards what parameters move. A value without a network; `resolved` applies it to
/// one.
public struct TransferPlan: Hashable, Sendable, Codable {
  public var stages: StagedPlan
  public var batchNorm: BatchNormRules
  public var rates: RateRule
  public var decay: DecayRule
  /// The rank of the products that learn in place of the backbone's kernels (`LowRankAdapters`); nil where the kernels themselves do.
  public var lowRank: Int?

  public init(
    _ stages: StagedPlan = StagedPlan(.head), batchNorm: BatchNormRules = BatchNormRules(), rates: RateRule = .uniform,
    decay: DecayRule = DecayRule(), lowRank: Int? = nil
  ) {
    self.stages = stages
    self.batchNorm = batchNorm
    self.rates = rates
    self.decay = decay
    self.lowRank = lowRank
  }
}

/// A stage of a training on a given network.
public struct ResolvedStage: Hashable, Sendable, Codable {
  /// The stage's own, or what it selects.
  public let name: String
  public let selector: LayerSelector
  public let epochs: Int
  public let rate: PlanStage.Rate
  public let freezePlan: FreezePlan
  /// Where the frozen prefix ends.
  public let frontier: [String]
  /// What happens to each parameter, by its name.
  public let parameters: [String: ParameterPlan]
}

/// A plan on a given network.
public struct ResolvedPlan: Sendable {
  /// The network that trains: the one given, or that with low-rank adapters.
  public let graph: LayerGraph
  /// nil where kernels train themselves.
  public let adapters: LowRankAdapters?
  public let stages: [ResolvedStage]
}

extension TransferPlan {
  /// The plan on a network.
  ///
  /// - Parameters:
  ///   - graph: backbone and head together.
  ///   - head: names of the nodes of the head.
  ///   - epochs: of the whole training, for stages that do not say theirs.
  /// - Throws: `PlanningError` where a selector finds nothing, a stage is left without an epoch, or adapters have no kernel to stand
  ///   beside.
  public func resolved(
    on graph: LayerGraph, head: Set<String>, epochs: Int
  ) throws -> ResolvedPlan {
    try decay.validate()
    let count = SelectorContext(graph, head: head).weightedStages.count
    let stages = try stages.writingOut(stages.allotting(epochs: epochs), stages: count).compactMap { stage, epochs in
      if case .selector(let selector) = stage.scope { (stage, selector, epochs) } else { nil }
    }
    let plans = try stages.map { stage, selector, _ in
      try FreezePlan(selector, graph: graph, head: head, batchNorm: stage.batchNorm ?? batchNorm)
    }
    let (adapted, adapters) = try adapting(graph, head: head, plans)
    let resolved = try zip(stages, plans).map { stage, plan in
      let (stage, selector, epochs) = stage
      let freezePlan = adapters.map { plan.adapting($0, in: graph) } ?? plan
      let parameters = try plan.parameterPlans(of: graph, head: head, rates: rates, decay: decay)
      return ResolvedStage(
        name: stage.name ?? selector.description, selector: selector, epochs: epochs, rate: stage.rate,
        freezePlan: freezePlan, frontier: freezePlan.frontier(of: adapted),
        parameters: adapters.map { parameters.adapting($0) } ?? parameters)
    }
    return ResolvedPlan(graph: adapted, adapters: adapters, stages: resolved)
  }

  /// The network with adapters beside all kernels of the backbone that any stage would train.
  private func adapting(
    _ graph: LayerGraph, head: Set<String>, _ plans: [FreezePlan]
  ) throws -> (LayerGraph, LowRankAdapters?) {
    guard let lowRank else { return (graph, nil) }
    let layers = graph.nodes.filter { node in
      !head.contains(node.name) && LowRankAdapters.suits(node.layer)
        && node.parameters.contains { parameter in
          parameter.role == .kernel && plans.contains { $0.trains(parameter) }
        }
    }
    guard lowRank > 0 else {
      throw PlanningError.invalidOption("the rank of adapters", expected: "at least 1", found: "\(lowRank)")
    }
    guard !layers.isEmpty else { throw PlanningError.nothingToAdapt }
    let (adapted, adapters) = try graph.addingLowRankAdapters(beside: Set(layers.map(\.layer.name)), rank: lowRank)
    return (adapted, adapters)
  }
}

extension PlanStage.Rate: Codable {
  private enum Key: String, CodingKey {
    case factor, absolute
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let rate = try container.decodeIfPresent(Double.self, forKey: .absolute) {
      self = .absolute(rate)
    } else {
      self = .factor(try container.decode(Double.self, forKey: .factor))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .factor(let factor): try container.encode(factor, forKey: .factor)
    case .absolute(let rate): try container.encode(rate, forKey: .absolute)
    }
  }
}
