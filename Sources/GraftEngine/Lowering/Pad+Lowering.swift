import GraftGraph
import GraftTensors

extension Pad: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    if case .constant(let value) = mode {
      return try lowering.padding(inputs[0], to: node.shape, at: [0] + before, with: value, layer: name)
        .ifNeeded(by: node)
    }
    let samplings = before.indices.filter { before[$0] + after[$0] > 0 }.map { axis in
      AxisSampling(axis: axis + 1, elements: elements(axis, of: inputs[0].shape[axis + 1]))
    }
    return try lowering.sample(inputs[0], by: samplings, layer: name).ifNeeded(by: node)
  }

  /// For each position along the axis of the output, which of the input's `count` elements is there.
  private func elements(_ axis: Int, of count: Int) -> [Int] {
    (-before[axis]..<count + after[axis]).map { position in
      if mode == .reflect, position < 0 { return -position }
      if mode == .reflect, position >= count { return 2 * (count - 1) - position }
      return min(max(position, 0), count - 1)
    }
  }
}
