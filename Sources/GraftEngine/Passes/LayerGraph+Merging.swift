import GraftGraph

/// What a pass puts in the place of a node and of the one before it.
struct MergedNode {
  let layer: any Layer
  let inputs: [String]
}

extension LayerGraph {
  /// The graph with nodes replaced by what they and others were merged into; names, order and outputs stay.
  ///
  /// - Parameters:
  ///   - merged: by the name of the node that is replaced.
  ///   - absorbed: the names of the nodes that are part of others now.
  func merging(_ merged: [String: MergedNode], absorbing absorbed: Set<String>) throws(GraphError) -> LayerGraph {
    var result = LayerGraph()
    for node in nodes where !absorbed.contains(node.name) {
      let replacement = merged[node.name] ?? MergedNode(layer: node.layer, inputs: node.inputs)
      try result.add(replacement.layer, after: replacement.inputs, as: node.name)
    }
    try result.setOutputs(outputs)
    return result
  }
}
