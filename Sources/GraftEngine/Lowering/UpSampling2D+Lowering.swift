import CDNNL
import GraftGraph
import GraftTensors

extension UpSampling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    let algorithm = interpolation == .nearest ? dnnl_resampling_nearest : dnnl_resampling_linear
    let destination = try MemoryDescriptor.any(node.shape)
    let forward = try PrimitiveDescriptor("an enlargement", layer: name) {
      graft_resampling_forward(
        &$0, $1, lowering.propagation, algorithm, input.descriptor.handle, destination.handle)
    }
    let output = try lowering.allocateTemporary(forward.chosen(dnnl_query_dst_md, shape: node.shape))
    try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])

    return LoweredNode(output: output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      let gradient = try lowering.reorder(gradient, to: output.descriptor, layer: name)
      let backward = try PrimitiveDescriptor("an enlargement's gradient", layer: name) {
        graft_resampling_backward(
          &$0, $1, algorithm, input.descriptor.handle, output.descriptor.handle, forward.handle)
      }
      let result = try lowering.allocateTemporary(input.descriptor)
      try lowering.emit(backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
      return [result]
    }
  }
}
