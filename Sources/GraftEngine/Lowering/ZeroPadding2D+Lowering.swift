import GraftGraph
import GraftTensors

extension ZeroPadding2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lowering.padding(inputs[0], to: node.shape, at: [0, 0, top, left], layer: name).ifNeeded(by: node)
  }
}

extension ChannelPadding: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lowering.padding(inputs[0], to: node.shape, at: [0, before, 0, 0], layer: name).ifNeeded(by: node)
  }
}

extension Cropping2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    let output = try lowering.region(
      of: input, at: [0, 0, top, left], like: .channelsLast(node.shape, input.descriptor.type), layer: name)
    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return [try lowering.padding(gradient, to: input.shape, at: [0, 0, top, left], layer: name).output]
    }
  }
}

extension Lowering {
  /// The elements of `input` from `offsets` on, `value` around them.
  func padding(
    _ input: Memory, to shape: Shape, at offsets: [Int], with value: Float = 0, layer: String
  ) throws -> LoweredNode {
    // Filled once, and never another's: only the middle is written in each run.
    let output = try Memory(.channelsLast(shape, value == 0 ? input.descriptor.type : .float32))
    if value != 0 { output.floats.update(repeating: value) }
    guard let middle = output.descriptor.region(input.shape, at: offsets) else {
      throw EngineError.primitive(what: "a padding", layer: layer, status: -1)
    }
    try copy(input, to: output.viewed(as: middle), layer: layer)
    return LoweredNode(output: output) { gradient in
      [try self.region(of: gradient, at: offsets, like: input.descriptor, layer: layer)]
    }
  }
}
