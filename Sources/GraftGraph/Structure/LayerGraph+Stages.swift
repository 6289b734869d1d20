import GraftTensors

extension LayerGraph {
  /// The stages in the order in which they begin: as the network names them, or as its structure tells.
  public var stages: [String] {
    let stages = stageByNode
    var seen: Set<String> = []
    return nodes.compactMap { stages[$0.name] }.filter { seen.insert($0).inserted }
  }

  /// The stage of each node that has one.
  ///
  /// Where no node is named one, as in ONNX files and Keras's, stages come from the structure: `stage1`, `stage2`, … are
  /// what lies between two reductions of the feature map's height and width. A stage begins with the block in which the
  /// reduction happens (see `blocks`), so that a residual block stays in one piece: the stages of a ResNet are its stem
  /// and its four rows of blocks. A reduction before any layer with parameters, or after the last one, begins none.
  /// What follows the last feature map, a classifier, is of no stage.
  public var stageByNode: [String: String] {
    let named = nodes.compactMap { node in node.stage.map { (node.name, $0) } }
    guard named.isEmpty else { return Dictionary(named, uniquingKeysWith: { first, _ in first }) }
    return structuralStages
  }

  private var structuralStages: [String: String] {
    let parts = partsBetweenReductions.map { $0.filter { $0.shape.rank == 3 } }
    var stages: [[Node]] = []
    for part in parts where !part.isEmpty {
      let hasParameters = part.contains { !$0.parameters.isEmpty }
      let begins = stages.last?.contains { !$0.parameters.isEmpty } ?? true
      if stages.isEmpty || begins && hasParameters {
        stages.append(part)
      } else {
        stages[stages.count - 1] += part
      }
    }
    return Dictionary(
      zip(1..., stages).flatMap { number, nodes in nodes.map { ($0.name, "stage\(number)") } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Blocks in a row, cut before each that reduces the feature map.
  private var partsBetweenReductions: [[Node]] {
    var levels: [String: Int] = [:]
    var parts: [[Node]] = [[]]
    var deepest = 0
    for block in blocks {
      for node in block { levels[node.name] = level(of: node, levels) }
      let level = block.last.flatMap { levels[$0.name] } ?? deepest
      if level > deepest {
        deepest = level
        parts.append([])
      }
      parts[parts.count - 1] += block
    }
    return parts
  }

  /// How often height and width were reduced on the way to a node.
  private func level(of node: Node, _ levels: [String: Int]) -> Int {
    let inputs = node.inputs.compactMap { self[$0] }
    // Beside a feature map, a gate of one position does not count: squeeze-and-excite.
    let maps = inputs.filter { $0.shape.rank == 3 && $0.shape[1] * $0.shape[2] > 1 }
    let before = (maps.isEmpty ? inputs : maps).compactMap { levels[$0.name] }.max() ?? 0
    return node.reducesFeatureMap(maps.map(\.shape)) ? before + 1 : before
  }
}

extension LayerGraph.Node {
  /// Whether the layer leaves clearly fewer positions than its inputs have: no more than two thirds of the rows or the
  /// columns. A convolution without padding takes off a few, which is no reduction; a pooling over all positions ends
  /// the feature map instead.
  fileprivate func reducesFeatureMap(_ inputs: [Shape]) -> Bool {
    guard shape.rank == 3, let input = inputs.max(by: { $0[1] * $0[2] < $1[1] * $1[2] }) else { return false }
    switch layer {
    case let layer as Conv2D: return layer.window.reduces
    case let layer as DepthwiseConv2D: return layer.window.reduces
    case let layer as SeparableConv2D: return layer.window.reduces
    case is AveragePooling2D, is MaxPooling2D, is GlobalAveragePooling2D, is GlobalMaxPooling2D, is Reduction:
      guard shape[1] * shape[2] > 1 else { return false }
      fallthrough
    default: return shape[1] * 3 <= input[1] * 2 || shape[2] * 3 <= input[2] * 2
    }
  }
}

extension Window2D {
  fileprivate var reduces: Bool { max(strides.height, strides.width) > 1 }
}
