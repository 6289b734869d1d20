import CDNNL
import GraftGraph
import GraftTensors

extension Dropout: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    guard lowering.mode == .training, node.isActiveStochastic else {
      return LoweredNode(output: input) { [$0] }
    }
    let layout = input.descriptor
    return try lowering.dropout(input, mask: layout, rate: rate, layer: name, node)
  }
}

extension SpatialDropout2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    guard lowering.mode == .training, node.isActiveStochastic else {
      return LoweredNode(output: input) { [$0] }
    }
    let channels = try MemoryDescriptor.rowMajor([input.shape[0], input.shape[1], 1, 1])
    return try lowering.dropout(input, mask: channels, rate: rate, layer: name, node)
  }
}

extension Lowering {
  /// Multiplies by a mask of zeros and 1 / (1 − rate), drawn anew for each batch: from the seed, the layer's name and the
  /// batch's number, and from nothing that was drawn before.
  ///
  /// - Parameter mask: the input's layout, or one with 1 for the axes that are dropped together.
  fileprivate func dropout(
    _ input: Memory, mask layout: MemoryDescriptor, rate: Float, layer: String, _ node: LoweringNode
  ) throws -> LoweredNode {
    let mask = try allocate(layout)
    let kept = 1 / (1 - rate)
    let (seed, stream, position) = (seed, layer.streamNumber, position)
    emit(touching: [mask]) {
      var generator = SeededGenerator(seed: seed, stream: stream &+ position.drawn)
      for index in mask.floats.indices {
        mask.floats[index] = generator.nextUniform() < rate ? 0 : kept
      }
    }
    let output = try binary(dnnl_binary_mul, input, mask, layer: layer)
    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return [try self.binary(dnnl_binary_mul, gradient, mask, layer: layer)]
    }
  }
}

extension String {
  /// A number of its own for each name, the same in every process.
  var streamNumber: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
  }
}
