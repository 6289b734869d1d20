import GraftTensors

extension LayerGraph {
  /// The part of the network that the named nodes need, with them as outputs.
  public func cut(at names: [String]) throws(GraphError) -> LayerGraph {
    for name in names { _ = try node(name) }
    let needed = ancestors(of: names)
    var graph = try rebuilt { needed.contains($0.name) ? $0.layer : nil }
    try graph.setOutputs(names)
    return graph
  }

  /// The part of the network that follows `frontier`: those nodes become inputs of the same names and shapes.
  public func suffix(after frontier: [String]) throws(GraphError) -> LayerGraph {
    let boundary = Set(frontier)
    for name in frontier { _ = try node(name) }
    let needed = ancestors(of: outputs, stoppingAt: boundary)
    var graph = LayerGraph()
    for node in nodes where needed.contains(node.name) {
      graph.beginStage(node.stage)
      if boundary.contains(node.name) {
        try graph.add(InputLayer(node.name, shape: node.shape))
      } else {
        try graph.add(node.layer, after: node.inputs, as: node.name)
      }
    }
    graph.beginStage(nil)
    try graph.setOutputs(outputs)
    return graph
  }

  /// The same network for images of another shape, `[C, H, W]`.
  public func resized(to shape: Shape) throws(GraphError) -> LayerGraph {
    try rebuilt { $0.layer is InputLayer ? InputLayer($0.layer.name, shape: shape) : $0.layer }
  }

  /// The nodes from which `names` can be reached, `names` included; nothing above `boundary` is visited.
  public func ancestors(of names: [String], stoppingAt boundary: Set<String> = []) -> Set<String> {
    var found = Set(names)
    for node in nodes.reversed() where found.contains(node.name) && !boundary.contains(node.name) {
      found.formUnion(node.inputs)
    }
    return found
  }

  /// The nodes that can be reached from `names`, `names` included.
  public func descendants(of names: some Sequence<String>) -> Set<String> {
    var found = Set(names)
    for node in nodes where node.inputs.contains(where: found.contains) {
      found.insert(node.name)
    }
    return found
  }

  /// A graph of the same nodes with other layers; nodes whose layer becomes nil are left out.
  public func rebuilt(_ transform: (Node) throws(GraphError) -> (any Layer)?) throws(GraphError) -> LayerGraph {
    var graph = LayerGraph()
    for node in nodes {
      guard let layer = try transform(node) else { continue }
      graph.beginStage(node.stage)
      try graph.add(layer, after: node.inputs, as: node.name)
    }
    graph.beginStage(nil)
    if outputs.allSatisfy({ graph[$0] != nil }) { try graph.setOutputs(outputs) }
    return graph
  }
}
