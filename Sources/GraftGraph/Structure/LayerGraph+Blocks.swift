extension LayerGraph {
  /// The nodes in their order, cut wherever a single tensor goes on: what lies between two cuts, a residual block or an
  /// Inception module, cannot be taken apart without two tensors at the seam.
  ///
  /// Inputs and constants are of the block that follows them.
  ///
  /// - Complexity: O(nodes + edges).
  public var blocks: [[Node]] {
    var unread = consumerCounts
    var live = 0
    var blocks: [[Node]] = []
    var block: [Node] = []
    for node in nodes {
      block.append(node)
      // A constant is the same for every image, and so in nobody's way.
      if node.layer is Constant { continue }
      for input in node.inputs where !(self[input]?.layer is Constant) {
        unread[input, default: 0] -= 1
        if unread[input] == 0 { live -= 1 }
      }
      if unread[node.name, default: 0] > 0 { live += 1 }
      if live == 1, unread[node.name, default: 0] > 0, !block.allSatisfy({ $0.layer is InputLayer }) {
        blocks.append(block)
        block = []
      }
    }
    return block.isEmpty ? blocks : blocks + [block]
  }
}
