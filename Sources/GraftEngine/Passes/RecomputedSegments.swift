import GraftGraph
import GraftTensors

/// Which parts of a network a training runs forward a second time, just before it goes backward through them, so that only
/// what lies between the parts is kept from the first time.
///
/// Source: T. Chen et al., Training Deep Nets with Sublinear Memory Cost, arXiv:1604.06174.
struct RecomputedSegments {
  /// Names of nodes, in their order. Whatever follows the last segment runs once.
  let segments: [[String]]

  /// Cuts the graph where a single tensor goes on, so that what is kept at the cuts and the largest part together are
  /// least.
  ///
  /// - Parameter runningOnce: nodes that may not run twice, because they draw random numbers; their parts do not.
  init(of graph: LayerGraph, runningOnce: Set<String>) {
    let blocks = Self.blocks(of: graph)
    let whole = blocks.reduce(0) { $0 + $1.size }
    var best: (cost: Int, segments: [[Block]]) = (whole, [])
    // A limit for the size of a part, from all in one to each block on its own.
    for step in 0..<64 {
      let parts = Self.parts(of: blocks, limit: whole >> (step / 4) * (8 - step % 4) / 8)
      let kept = parts.dropLast().reduce(0) { $0 + ($1.last?.output ?? 0) }
      let largest = parts.map { $0.reduce(0) { $0 + $1.size } }.max() ?? 0
      if kept + largest < best.cost { best = (kept + largest, parts.dropLast()) }
    }
    segments = best.segments.map { $0.flatMap(\.names) }.filter { runningOnce.isDisjoint(with: $0) }
  }

  /// Nodes after which only the last one's output goes on.
  private struct Block {
    var names: [String] = []
    /// Elements of all its outputs, for one image.
    var size = 0
    /// Elements of the last one's.
    var output = 0
  }

  private static func blocks(of graph: LayerGraph) -> [Block] {
    var unread = graph.consumerCounts
    for name in graph.outputs { unread[name, default: 0] += 1 }
    var live = 0
    var blocks: [Block] = []
    var block = Block()
    for node in graph.nodes {
      for input in node.inputs {
        unread[input, default: 0] -= 1
        if unread[input] == 0 { live -= 1 }
      }
      if unread[node.name, default: 0] > 0 { live += 1 }
      if !(node.layer is InputLayer) {
        block.names.append(node.name)
        block.size += node.shape.count
        block.output = node.shape.count
      }
      if live == 1, unread[node.name, default: 0] > 0, !block.names.isEmpty {
        blocks.append(block)
        block = Block()
      }
    }
    return block.names.isEmpty ? blocks : blocks + [block]
  }

  /// Blocks side by side in parts of at most `limit` elements, or of one block.
  private static func parts(of blocks: [Block], limit: Int) -> [[Block]] {
    var parts: [[Block]] = []
    var size = 0
    for block in blocks {
      if parts.isEmpty || size + block.size > limit {
        parts.append([])
        size = 0
      }
      parts[parts.count - 1].append(block)
      size += block.size
    }
    return parts
  }
}
