import GraftGraph

extension LayerGraph {
  /// The nodes in the order in which Keras lists a model's layers, which is that of its weight files: by distance from
  /// the output, farthest first; at equal distance in the order in which a walk back from the output meets them.
  ///
  /// Source: `map_graph` in `keras/src/models/functional.py`.
  var kerasLayerOrder: [Node] {
    var distance: [String: Int] = [:]
    for node in nodes.reversed() {
      let own = distance[node.name] ?? 0
      for input in node.inputs { distance[input] = max(distance[input] ?? 0, own + 1) }
    }
    let walk = walkOrder
    return nodes.sorted { first, second in
      let (near, far) = (distance[first.name] ?? 0, distance[second.name] ?? 0)
      return near != far ? near > far : (walk[first.name] ?? 0) < (walk[second.name] ?? 0)
    }
  }

  /// Each node's place in a depth-first walk from the outputs, inputs before the nodes that they feed.
  private var walkOrder: [String: Int] {
    var order: [String: Int] = [:]
    var stack = outputs.reversed().map { (name: $0, isExpanded: false) }
    while let (name, isExpanded) = stack.popLast() {
      if order[name] != nil { continue }
      if isExpanded {
        order[name] = order.count
      } else if let node = self[name] {
        stack.append((name, true))
        stack.append(contentsOf: node.inputs.reversed().map { ($0, false) })
      }
    }
    return order
  }
}
