import GraftGraph

/// All that is decided about a network's parameters before a training: what trains, in which stages, how batch
/// normalisations behave, how fast and towards what parameters move. A value without a network; `resolved` applies it to
/// one.
public struct TransferPlan: Hashable, Sendable, Codable {
  public var stages: StagedPlan
  public var batchNorm: BatchNormRules
  public var rates: RateRule
  public var decay: DecayRule

  public init(
    _ stages: StagedPlan = StagedPlan(.head), batchNorm: BatchNormRules = BatchNormRules(), rates: RateRule = .uniform,
    decay: DecayRule = DecayRule()
  ) {
    self.stages = stages
    self.batchNorm = batchNorm
    self.rates = rates
    self.decay = decay
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

extension TransferPlan {
  /// The stages on a network.
  ///
  /// - Parameters:
  ///   - graph: backbone and head together.
  ///   - head: names of the nodes of the head.
  ///   - epochs: of the whole training, for stages that do not say theirs.
  /// - Throws: `PlanningError` where a selector finds nothing, or a stage is left without an epoch.
  public func resolved(
    on graph: LayerGraph, head: Set<String>, epochs: Int
  ) throws(PlanningError) -> [ResolvedStage] {
    try decay.validate()
    let count = SelectorContext(graph, head: head).weightedStages.count
    var resolved: [ResolvedStage] = []
    for (stage, epochs) in try stages.writingOut(stages.allotting(epochs: epochs), stages: count) {
      guard case .selector(let selector) = stage.scope else { continue }
      let freezePlan = try FreezePlan(selector, graph: graph, head: head, batchNorm: stage.batchNorm ?? batchNorm)
      resolved.append(
        ResolvedStage(
          name: stage.name ?? selector.description, selector: selector, epochs: epochs, rate: stage.rate,
          freezePlan: freezePlan, frontier: freezePlan.frontier(of: graph),
          parameters: try freezePlan.parameterPlans(of: graph, head: head, rates: rates, decay: decay)))
    }
    return resolved
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
