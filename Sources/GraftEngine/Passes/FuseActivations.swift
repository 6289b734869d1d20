import GraftGraph

/// Merges an activation into the convolution or dense layer before it, and a ReLU into a normalisation or sum, so that both
/// are one primitive.
///
/// The merged node takes the activation's name, which is what its consumers know; its parameters keep the names of the
/// layer that they belong to. A layer whose own output is asked for stays apart.
enum FuseActivations {
  static func apply(to graph: LayerGraph) throws(GraphError) -> LayerGraph {
    let consumers = graph.consumerCounts
    var merged: [String: MergedNode] = [:]
    var absorbed: Set<String> = []
    for node in graph.nodes {
      guard let activation = node.layer as? Activation, activation.function.isElementwise,
        let producer = node.inputs.first.flatMap({ graph[$0] }), consumers[producer.name] == 1,
        let layer = producer.layer.fused(with: activation.function)
      else { continue }
      merged[node.name] = MergedNode(layer: layer, inputs: producer.inputs)
      absorbed.insert(producer.name)
    }
    return try graph.merging(merged, absorbing: absorbed)
  }
}

extension Layer {
  /// The layer with an activation of its own, where it can have one and has none yet.
  fileprivate func fused(with function: Activation.Function) -> (any Layer)? {
    switch self {
    case let layer as any LinearLayer where layer.activation == .linear: layer.activated(by: function)
    case let layer as BatchNormalization where function == .relu: RectifiedNormalization(base: layer)
    case let layer as Add where function == .relu: RectifiedSum(base: layer)
    default: nil
    }
  }
}
