import GraftGraph
import GraftTensors

extension Reshape: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    let (before, after) = try (layout(input.shape), layout(node.shape))
    let dense = try lowering.reorder(input, to: before, layer: name)
    let output = try dense.viewed(as: after)
    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return [try lowering.reorder(gradient, to: after, layer: name).viewed(as: before)]
    }
  }

  private func layout(_ shape: Shape) throws -> MemoryDescriptor {
    try order == .channelsLast ? .channelsLast(shape) : .rowMajor(shape)
  }
}

extension Permute: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let batched = [0] + axes.map { $0 + 1 }
    let inverse = batched.indices.map { axis in batched.firstIndex(of: axis) ?? axis }
    let output = try lowering.permute(inputs[0], batched, layer: name)
    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return [try lowering.permute(gradient, inverse, layer: name)]
    }
  }
}

extension Lowering {
  fileprivate func permute(_ input: Memory, _ axes: [Int], layer: String) throws -> Memory {
    let dense = try reorder(input, to: .rowMajor(input.shape), layer: layer)
    let strides = input.shape.rowMajorStrides
    let shape = Shape(axes.map { input.shape[$0] })
    let turned = try dense.viewed(as: .strided(shape, strides: axes.map { strides[$0] }))
    return try reorder(turned, to: .channelsLast(shape), layer: layer)
  }
}
