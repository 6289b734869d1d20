import GraftGraph

/// Makes a padding with zeros part of the convolution that alone reads it: the same numbers without a copy.
///
/// Keras's residual networks pad before every convolution with a stride. A pooling does not take part: its own padding is
/// no zero.
enum AbsorbPaddings {
  static func apply(to graph: LayerGraph) throws(GraphError) -> LayerGraph {
    let consumers = graph.consumerCounts
    var merged: [String: MergedNode] = [:]
    var absorbed: Set<String> = []
    for node in graph.nodes {
      guard let producer = node.inputs.first.flatMap({ graph[$0] }), consumers[producer.name] == 1,
        let padding = producer.layer as? ZeroPadding2D, let layer = node.layer.padded(by: padding)
      else { continue }
      merged[node.name] = MergedNode(layer: layer, inputs: producer.inputs)
      absorbed.insert(producer.name)
    }
    return try graph.merging(merged, absorbing: absorbed)
  }
}

extension Layer {
  /// The layer with this much more padding of its own, where it has any that can grow.
  fileprivate func padded(by padding: ZeroPadding2D) -> (any Layer)? {
    switch self {
    case var layer as Conv2D:
      guard layer.window.grow(by: padding) else { return nil }
      return layer
    case var layer as DepthwiseConv2D:
      guard layer.window.grow(by: padding) else { return nil }
      return layer
    case var layer as SeparableConv2D:
      guard layer.window.grow(by: padding) else { return nil }
      return layer
    default:
      return nil
    }
  }
}

extension Window2D {
  /// Adds to the padding. “Same” padding depends on the size of what is padded, and stays as it is.
  fileprivate mutating func grow(by more: ZeroPadding2D) -> Bool {
    switch padding {
    case .same:
      return false
    case .valid:
      padding = .explicit(top: more.top, bottom: more.bottom, left: more.left, right: more.right)
    case .explicit(let top, let bottom, let left, let right):
      padding = .explicit(
        top: top + more.top, bottom: bottom + more.bottom, left: left + more.left, right: right + more.right)
    }
    return true
  }
}
