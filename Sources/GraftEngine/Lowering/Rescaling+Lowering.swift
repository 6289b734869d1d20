import GraftGraph
import GraftTensors

extension Rescaling: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let rescaled = try lowering.apply([.affine(scale, offset)], to: inputs[0], layer: name)
    return LoweredNode(output: rescaled.output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return try rescaled.backward?(gradient) ?? [nil]
    }
  }
}

extension Normalization: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    let channels = try MemoryDescriptor.rowMajor([input.shape[1]])
    let statistics = try Statistics(mean: Memory(channels), variance: Memory(channels))
    for channel in mean.indices {
      statistics.mean.floats[channel] = mean[channel]
      statistics.variance.floats[channel] = max(variance[channel], 1e-14)
    }
    let normalization = try ChannelNormalization(
      layer: name, epsilon: 0, usesBatch: false, statistics: statistics, gamma: nil, beta: nil, channels: channels,
      in: lowering)
    let forward = try normalization.emitForward(input, in: lowering)
    return LoweredNode(output: forward.output) { gradient in
      [try normalization.emitBackward(gradient, input: input, forward: forward, node, in: lowering)]
    }
  }
}
