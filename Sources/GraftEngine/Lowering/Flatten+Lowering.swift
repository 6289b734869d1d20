import GraftGraph
import GraftTensors

extension Flatten: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    let layout: MemoryDescriptor =
      try order == .channelsLast ? .channelsLast(input.shape) : .rowMajor(input.shape)
    let dense = try lowering.reorder(input, to: layout, layer: name)
    let output = try dense.viewed(as: .rowMajor(node.shape))
    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      let gradient = try lowering.reorder(gradient, to: .rowMajor(node.shape), layer: name)
      return [try gradient.viewed(as: layout)]
    }
  }
}
