import GraftGraph
import GraftTensors

extension ONNXIdioms {
  /// x divided by the length of its channels, which PyTorch's `normalize` writes as ReduceL2, Clip, Expand and Div, and TensorFlow's
  /// `l2_normalize` as a sum of squares, a maximum, a root and its reciprocal.
  ///
  /// Lengths below a bound of at most 1e-6 count as that bound there, and as 1e-12 here; without a bound zeros stay zeros here.
  static func recogniseUnitNormalizations(_ draft: inout NetworkDraft) -> Int {
    var count = 0
    for node in draft.nodes where node.inputs.count == 2 && (node.shape.rank == 1 || node.shape.rank == 3) {
      guard let input = normalized(by: node, in: draft), draft[input]?.shape == node.shape else { continue }
      draft.replace(node.name, with: UnitNormalization(node.layer.name), after: [input])
      count += 1
    }
    return count
  }

  /// The x of x / |x|, or of x · (1 / |x|).
  private static func normalized(by node: NetworkDraft.Node, in draft: NetworkDraft) -> String? {
    switch node.layer {
    case is Divide: return measured(node.inputs[1], in: draft) == node.inputs[0] ? node.inputs[0] : nil
    case is Multiply:
      return gated(node, in: draft) { gate in
        guard let reciprocal = draft.onlyRead(gate) else { return nil }
        if case .power(exponent: -1)? = (reciprocal.layer as? Activation)?.function {
          return reciprocal.inputs.first.flatMap { measured($0, in: draft) }
        }
        guard reciprocal.layer is Divide, reciprocal.inputs.count == 2,
          draft.constant(reciprocal.inputs[0])?.tensor.floats.allSatisfy({ $0 == 1 }) == true
        else { return nil }
        return measured(reciprocal.inputs[1], in: draft)
      }
    default: return nil
    }
  }

  /// What a node is the length of, along the channels.
  private static func measured(_ name: String, in draft: NetworkDraft) -> String? {
    guard let root = bounded(expanded(name, in: draft), by: 1e-6, in: draft).flatMap({ draft.onlyRead($0) }),
      (root.layer as? Activation)?.function == .squareRoot,
      let sum = bounded(root.inputs.first, by: 1e-12, in: draft).flatMap({ draft.onlyRead($0) }),
      let reduction = sum.layer as? Reduction, reduction.operation == .sum, reduction.axes == [0],
      reduction.keepsDimensions, let square = sum.inputs.first.flatMap({ draft.onlyRead($0) })
    else { return nil }
    switch (square.layer as? Activation)?.function {
    case .square, .power(exponent: 2): return square.inputs.first
    default:
      guard square.layer is Multiply, square.inputs.count == 2, square.inputs[0] == square.inputs[1] else { return nil }
      return square.inputs[0]
    }
  }

  /// What is repeated along the channels by adding zeros: an Expand.
  private static func expanded(_ name: String, in draft: NetworkDraft) -> String {
    guard let node = draft.onlyRead(name), node.layer is Add, node.inputs.count == 2,
      draft.constant(node.inputs[1])?.tensor.floats.allSatisfy({ $0 == 0 }) == true
    else { return name }
    return node.inputs[0]
  }

  /// What is kept from being less than some small number; itself where it is not. Nil where that number is not small.
  private static func bounded(_ name: String?, by most: Float, in draft: NetworkDraft) -> String? {
    guard let name, let node = draft.onlyRead(name) else { return nil }
    func isSmall(_ bound: Float) -> Bool { bound >= 0 && bound <= most * 1.001 }
    if case .clip(let least, let greatest)? = (node.layer as? Activation)?.function {
      return isSmall(least) && greatest > 1e30 ? node.inputs.first : nil
    }
    guard node.layer is Maximum, node.inputs.count == 2 else { return name }
    for (value, constant) in [(0, 1), (1, 0)] {
      guard let numbers = draft.constant(node.inputs[constant])?.tensor.floats else { continue }
      return numbers.allSatisfy(isSmall) ? node.inputs[value] : nil
    }
    return nil
  }
}
