import GraftGraph

/// Merges an activation into the convolution or dense layer before it, and a ReLU into a normalisation or sum, so that both
/// are one primitive.
///
/// The merged node takes the activation's name, which is what its consumers know; its parameters keep the names of the
/// layer that they belong to. A layer whose own output is asked for stays apart.
enum FuseActivations {
  static func apply(to graph: LayerGraph) throws(GraphError) -> LayerGraph {
    let consumers = graph.consumerCounts
    var fused: [String: any Layer] = [:]
    var removed: Set<String> = []
    for node in graph.nodes {
      guard let activation = node.layer as? Activation, activation.function.isElementwise,
        let producer = node.inputs.first.flatMap({ graph[$0] }), consumers[producer.name] == 1,
        let layer = producer.layer.activated(by: activation.function)
      else { continue }
      fused[node.name] = layer
      removed.insert(producer.name)
    }
    var result = LayerGraph()
    for node in graph.nodes where !removed.contains(node.name) {
      if let layer = fused[node.name], let producer = node.inputs.first.flatMap({ graph[$0] }) {
        try result.add(layer, after: producer.inputs, as: node.name)
      } else {
        try result.add(node.layer, after: node.inputs, as: node.name)
      }
    }
    try result.setOutputs(graph.outputs)
    return result
  }
}

extension Layer {
  /// The layer with an activation of its own, where it can have one and has none yet.
  fileprivate func activated(by function: Activation.Function) -> (any Layer)? {
    switch self {
    case var layer as Conv2D where layer.activation == .linear:
      layer.activation = function
      return layer
    case var layer as DepthwiseConv2D where layer.activation == .linear:
      layer.activation = function
      return layer
    case var layer as SeparableConv2D where layer.activation == .linear:
      layer.activation = function
      return layer
    case var layer as Dense where layer.activation == .linear:
      layer.activation = function
      return layer
    case var layer as ResidualConvolution where layer.activation == .linear:
      layer.activation = function
      return layer
    case let layer as BatchNormalization where function == .relu:
      return RectifiedNormalization(base: layer)
    case let layer as Add where function == .relu:
      return RectifiedSum(base: layer)
    default:
      return nil
    }
  }
}
