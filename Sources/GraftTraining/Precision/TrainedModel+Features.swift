import GraftGraph

extension TrainedModel {
  /// The network up to what its head reads: the pooled features, before dropout and scaling. Where no layer of the head has weights,
  /// up to what the softmax is applied to.
  public var features: LayerGraph {
    get throws(GraphError) {
      guard let first = graph.nodes.first(where: { head.contains($0.name) && !$0.parameters.isEmpty }),
        var read = try first.inputs.first.map({ name throws(GraphError) in try graph.node(name) })
      else { return try logits }
      while read.layer.isStochastic || head.contains(read.name) && read.layer is Normalization,
        let before = read.inputs.first
      { read = try graph.node(before) }
      return try graph.cut(at: [read.name])
    }
  }
}
