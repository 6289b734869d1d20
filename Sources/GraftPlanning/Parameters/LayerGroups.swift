import GraftGraph

/// The backbone's layers in groups that share a learning rate, from its input to its output: its stages.
///
/// Layers of no stage are with the stage before them; a stem before the first stage is a group of its own, and so is what
/// follows the last.
struct LayerGroups {
  /// Names of layers, by group.
  let groups: [[String]]

  /// - Parameter head: names of the nodes of the head, which are in no group.
  init(_ graph: LayerGraph, head: Set<String>) {
    let stages = graph.stageByNode
    let lastStaged = graph.nodes.lastIndex { stages[$0.name] != nil && !head.contains($0.name) } ?? -1
    var groups: [(stage: String?, layers: [String])] = []
    var seen: Set<String> = []
    for (index, node) in graph.nodes.enumerated() where !head.contains(node.name) {
      guard node.parameters.contains(where: \.isTrainable), seen.insert(node.layer.name).inserted else { continue }
      let stage = stages[node.name]
      let group: Int? =
        if let stage {
          groups.firstIndex { $0.stage == stage }
        } else {
          index > lastStaged && groups.last?.stage != nil ? nil : groups.indices.last
        }
      if let group {
        groups[group].layers.append(node.layer.name)
      } else {
        groups.append((stage, [node.layer.name]))
      }
    }
    self.groups = groups.map(\.layers)
  }

  /// How far each layer is from the head: 1 for those of the last group.
  var distances: [String: Int] {
    Dictionary(
      groups.enumerated().flatMap { index, layers in layers.map { ($0, groups.count - index) } },
      uniquingKeysWith: { first, _ in first })
  }
}
