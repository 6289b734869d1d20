import GraftGraph

/// A network as selectors see it: the backbone's parameters, by layer and by stage.
struct SelectorContext {
  let graph: LayerGraph
  /// Nodes of the backbone with parameters that training can touch, in the graph's order.
  let backbone: [LayerGraph.Node]
  /// The backbone's stages, in their order.
  let stages: [(name: String, nodes: [LayerGraph.Node])]

  init(_ graph: LayerGraph, head: Set<String>) {
    self.graph = graph
    backbone = graph.nodes.filter { !head.contains($0.name) && !$0.selectable.isEmpty }
    let stageByNode = graph.stageByNode
    let members = Dictionary(grouping: graph.nodes.filter { !head.contains($0.name) }) { stageByNode[$0.name] }
    stages = graph.stages.compactMap { name in members[name].map { (name, $0) } }
  }

  /// Every parameter of the backbone that a selector can choose.
  var all: Set<String> { parameters { _ in true } }

  /// The parameters of nodes, by their names; none of the head's.
  func parameters(of nodes: Set<String>) -> Set<String> {
    Set(backbone.filter { nodes.contains($0.name) }.flatMap { $0.selectable.map(\.name) })
  }

  func parameters(where isWanted: (ParameterSpecification) -> Bool) -> Set<String> {
    Set(backbone.flatMap(\.selectable).filter(isWanted).map(\.name))
  }

  /// The names of the stages with weights, which is what there is to count.
  var weightedStages: [(name: String, nodes: [LayerGraph.Node])] {
    stages.filter { $0.nodes.contains { !$0.selectable.isEmpty } }
  }

  /// The nodes of the named layer, or else stage.
  func nodes(ofLayerOrStage name: String) throws(PlanningError) -> [String] {
    if graph[name] != nil { return [name] }
    if let stage = stages.first(where: { $0.name == name }) { return stage.nodes.map(\.name) }
    let names = graph.nodes.map(\.name) + stages.map(\.name)
    throw .unknownLayer(name, suggestions: closestNames(to: name, among: names))
  }
}

extension LayerGraph.Node {
  /// What a selector can choose: all but constants. Statistics are chosen with their layer, though no gradient moves them.
  fileprivate var selectable: [ParameterSpecification] { parameters.filter { $0.role != .value } }
}
