import GraftGraph

extension LayerSelector {
  /// The names of the backbone's parameters that are selected, statistics among them.
  ///
  /// - Parameters:
  ///   - graph: backbone and head together.
  ///   - head: names of the nodes of the head, of which nothing is selected.
  /// - Throws: `PlanningError` where a name or a pattern finds no layer with weights, or nothing is left that can train.
  public func parameters(of graph: LayerGraph, head: Set<String>) throws(PlanningError) -> Set<String> {
    try parameters(in: SelectorContext(graph, head: head))
  }

  func parameters(in context: SelectorContext) throws(PlanningError) -> Set<String> {
    let selected = try selection(in: context)
    guard namesHead || !selected.isEmpty else { throw .selectsNothing(description) }
    return selected
  }

  private func selection(in context: SelectorContext) throws(PlanningError) -> Set<String> {
    var selected = terms[0].removes ? context.all : []
    for term in terms {
      var part = context.all
      for factor in term.factors {
        let chosen = try factor.choice.selection(in: context)
        if factor.isNegated { part.subtract(chosen) } else { part.formIntersection(chosen) }
      }
      if term.removes { selected.subtract(part) } else { selected.formUnion(part) }
    }
    return selected
  }
}

extension LayerSelector.Choice {
  fileprivate func selection(in context: SelectorContext) throws(PlanningError) -> Set<String> {
    let graph = context.graph
    switch self {
    case .head: return []
    case .all: return context.all
    case .last(let count): return try last(count, in: context)
    case .lastShare(let percent):
      let count = (percent / 100 * Double(context.backbone.count)).rounded()
      return try last(max(Int(count), 1), in: context)
    case .lastStages(let count):
      let stages = context.weightedStages
      guard count <= stages.count else { throw .tooManyStages(asked: count, stages: stages.map(\.name)) }
      return context.parameters(of: graph.descendants(of: stages.suffix(count).flatMap(\.nodes).map(\.name)))
    case .from(let name):
      return context.parameters(of: graph.descendants(of: try context.nodes(ofLayerOrStage: name)))
    case .until(let name):
      return context.parameters(of: graph.ancestors(of: try context.nodes(ofLayerOrStage: name)))
    case .stage(let name):
      guard let stage = context.stages.first(where: { $0.name == name }) else {
        let names = context.stages.map(\.name)
        throw .unknownStage(name, suggestions: closestNames(to: name, among: names), stages: names)
      }
      return try weighted(name, context.parameters(of: Set(stage.nodes.map(\.name))))
    case .layer(let name):
      guard graph[name] != nil else {
        throw .unknownLayer(name, suggestions: closestNames(to: name, among: graph.nodes.map(\.name)))
      }
      return try weighted(name, context.parameters(of: [name]))
    case .match(let pattern):
      return try named(pattern, in: context) { matches($0, glob: pattern) }
    case .regex(let pattern):
      guard let regex = try? Regex(pattern) else { throw .invalidPattern(pattern) }
      return try named(pattern, in: context) { $0.contains(regex) }
    case .role(let group):
      return context.parameters { group.contains($0.role) }
    case .group(let terms):
      return try LayerSelector(terms).selection(in: context)
    }
  }

  private func last(_ count: Int, in context: SelectorContext) throws(PlanningError) -> Set<String> {
    guard count <= context.backbone.count else {
      throw .tooManyLayers(asked: count, weighted: context.backbone.count)
    }
    return context.parameters(of: context.graph.descendants(of: context.backbone.suffix(count).map(\.name)))
  }

  private func weighted(_ name: String, _ parameters: Set<String>) throws(PlanningError) -> Set<String> {
    guard !parameters.isEmpty else { throw .noWeights(name) }
    return parameters
  }

  private func named(
    _ pattern: String, in context: SelectorContext, _ isMatch: (String) -> Bool
  ) throws(PlanningError) -> Set<String> {
    let parameters = context.parameters(of: Set(context.backbone.map(\.name).filter(isMatch)))
    guard !parameters.isEmpty else {
      throw .nothingMatches(pattern: pattern, examples: Array(context.backbone.suffix(3).map(\.name)))
    }
    return parameters
  }
}
