import GraftGraph

/// What a training does to one parameter.
public struct ParameterPlan: Hashable, Sendable, Codable {
  /// Whether gradients move it.
  public let trains: Bool
  /// What the learning rate is multiplied by; 0 where it does not train.
  public let rate: Double
  /// How strongly it is pulled; 0 where it is not.
  public let decay: Double
  /// Whether it is pulled towards what it started from, and not towards zero.
  public let decaysTowardsStart: Bool

  public init(trains: Bool, rate: Double = 1, decay: Double = 0, decaysTowardsStart: Bool = false) {
    self.trains = trains
    self.rate = rate
    self.decay = decay
    self.decaysTowardsStart = decaysTowardsStart
  }

  public static let frozen = ParameterPlan(trains: false, rate: 0)
}

extension FreezePlan {
  /// What happens to each parameter of a network, by its name; statistics, which no gradient moves, are left out.
  ///
  /// - Parameters:
  ///   - graph: backbone and head together.
  ///   - head: names of the nodes of the head.
  /// - Throws: `PlanningError` where a selector of the rates finds nothing.
  public func parameterPlans(
    of graph: LayerGraph, head: Set<String>, rates: RateRule = .uniform, decay: DecayRule = DecayRule()
  ) throws(PlanningError) -> [String: ParameterPlan] {
    let multipliers = try rates.multipliers(of: graph, head: head)
    let ofHead = Set(graph.nodes.filter { head.contains($0.name) }.flatMap(\.parameters).map(\.name))
    var plans: [String: ParameterPlan] = [:]
    for parameter in graph.parameters where parameter.isTrainable {
      guard trains(parameter) else {
        plans[parameter.name] = .frozen
        continue
      }
      let isPulled = parameter.role.isKernel || !decay.sparesBiasesAndNorms
      let alpha = ofHead.contains(parameter.name) ? nil : decay.towardsStart
      let pull = isPulled ? alpha ?? decay.weightDecay : 0
      plans[parameter.name] = ParameterPlan(
        trains: true, rate: multipliers[parameter.name] ?? 1, decay: pull,
        decaysTowardsStart: alpha != nil && pull > 0)
    }
    return plans
  }
}
