import CDNNL
import GraftGraph
import GraftTensors

extension UpSampling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lowering.resample(inputs[0], to: node.shape, interpolation, layer: name).ifNeeded(by: node)
  }
}

extension Lowering {
  /// Another height and width, by the centres of pixels.
  func resample(
    _ input: Memory, to shape: Shape, _ interpolation: UpSampling2D.Interpolation, layer: String
  ) throws -> LoweredNode {
    let algorithm = interpolation == .nearest ? dnnl_resampling_nearest : dnnl_resampling_linear
    let destination = try MemoryDescriptor.any(shape, input.descriptor.type)
    let forward = try PrimitiveDescriptor("a resampling", layer: layer) {
      graft_resampling_forward(&$0, $1, propagation, algorithm, input.descriptor.handle, destination.handle)
    }
    let output = try allocate(forward.chosen(dnnl_query_dst_md, shape: shape))
    try emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])

    return LoweredNode(output: output) { gradient in
      let gradient = try self.reorder(gradient, to: output.descriptor, layer: layer)
      let backward = try PrimitiveDescriptor("a resampling's gradient", layer: layer) {
        graft_resampling_backward(
          &$0, $1, algorithm, input.descriptor.handle, output.descriptor.handle, forward.handle)
      }
      let result = try self.allocate(input.descriptor)
      try self.emit(backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
      return [result]
    }
  }
}
