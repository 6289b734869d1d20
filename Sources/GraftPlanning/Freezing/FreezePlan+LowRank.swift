import GraftGraph

extension FreezePlan {
  /// The same plan for a network with low-rank adapters: where a kernel would have trained, it holds still, and what stands beside it
  /// trains. Biases, γ and β train as they would have.
  ///
  /// - Parameter graph: without adapters.
  func adapting(_ adapters: LowRankAdapters, in graph: LayerGraph) -> FreezePlan {
    var plan = self
    let specifications = Dictionary(grouping: graph.parameters.filter(\.isTrainable), by: \.layer)
    for layer in adapters.layers where trainableRoles[layer]?.contains(.kernel) == true {
      let others = Set((specifications[layer] ?? []).filter { trains($0) && $0.role != .kernel }.map(\.role))
      plan.trainableRoles[layer] = others.isEmpty ? nil : others
      let names = LowRankAdapters.names(beside: layer)
      plan.trainableRoles[names.down] = Self.everyRole
      plan.trainableRoles[names.up] = Self.everyRole
      plan.adaptedLayers.insert(layer)
    }
    return plan
  }
}

extension [String: ParameterPlan] {
  /// What happens to parameters of a network with low-rank adapters: A and B move as fast as their kernel would have, and are pulled
  /// towards zero, which is where the kernel started.
  func adapting(_ adapters: LowRankAdapters) -> [String: ParameterPlan] {
    var plans = self
    for layer in adapters.layers {
      let names = LowRankAdapters.names(beside: layer)
      guard let kernel = plans.updateValue(.frozen, forKey: "\(layer)/kernel") else { continue }
      let learnt = ParameterPlan(trains: kernel.trains, rate: kernel.rate, decay: kernel.decay)
      plans["\(names.down)/kernel"] = learnt
      plans["\(names.up)/kernel"] = learnt
    }
    return plans
  }
}
