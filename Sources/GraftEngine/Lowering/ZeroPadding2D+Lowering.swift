import GraftGraph
import GraftTensors

extension ZeroPadding2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    // Zeroed once, and never another's: only the middle is written in each run.
    let output = try Memory(.channelsLast(node.shape))
    guard let middle = output.descriptor.region(input.shape, at: [0, 0, top, left]) else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    try lowering.copy(input, to: output.viewed(as: middle), layer: name)
    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return [
        try lowering.region(of: gradient, at: [0, 0, top, left], like: input.descriptor, layer: name)
      ]
    }
  }
}
