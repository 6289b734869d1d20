import CDNNL
import GraftGraph
import GraftTensors

extension UnitDense: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    guard let kernel = node.kernel else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    // What it makes are scores: float32, as every last layer with weights.
    let input = try lowering.inFloat32(inputs[0], layer: name)
    let rows = DirectionRows(width: input.shape[1], factor: scale)
    let layout = try MemoryDescriptor.rowMajor(kernel.shape)
    let weights = try kernel.memory(as: layout, in: lowering)
    let directions = try lowering.allocate(layout)
    lowering.emit(touching: [weights, directions]) { rows.directions(of: weights.floats, into: directions.floats) }

    let product = try InnerProduct(
      layer: name, source: .any(input.shape), weights: .any(kernel.shape), destination: .any(node.shape), in: lowering)
    let output = try product.emitForward(input, directions, output: node.shape, in: lowering)
    return LoweredNode(output: output) { gradient in
      let gradient = try lowering.inFloat32(gradient, layer: name)
      if kernel.isTrainable {
        let toDirections = try product.emitKernelGradient(
          input, gradient, kernel: kernel.shape, as: layout, in: lowering)
        try kernel.receiveGradient(as: layout, in: lowering) { result in
          lowering.emit(touching: [weights, toDirections, result]) {
            rows.gradient(of: weights.floats, from: toDirections.floats, into: result.floats)
          }
        }
      }
      guard node.inputNeedsGradient else { return [nil] }
      return [try product.emitInputGradient(gradient, directions, input: input.shape, in: lowering)]
    }
  }
}

/// A matrix product whose second factor is computed in each step, forward and backward.
@EngineActor
private struct InnerProduct {
  let layer: String
  let source, weights, destination: MemoryDescriptor
  let forward: PrimitiveDescriptor

  init(
    layer: String, source: MemoryDescriptor, weights: MemoryDescriptor, destination: MemoryDescriptor,
    in lowering: Lowering
  ) throws {
    (self.layer, self.source, self.weights, self.destination) = (layer, source, weights, destination)
    forward = try PrimitiveDescriptor("a dense layer", layer: layer) {
      graft_inner_product_forward(
        &$0, $1, lowering.propagation, source.handle, weights.handle, nil, destination.handle, nil)
    }
  }

  func emitForward(_ input: Memory, _ kernel: Memory, output shape: Shape, in lowering: Lowering) throws -> Memory {
    let output = try lowering.allocate(forward.chosen(dnnl_query_dst_md, shape: shape))
    try lowering.emit(
      forward,
      [
        (DNNL_ARG_SRC, placed(input, dnnl_query_src_md, of: forward, in: lowering)),
        (DNNL_ARG_WEIGHTS, placed(kernel, dnnl_query_weights_md, of: forward, in: lowering)),
        (DNNL_ARG_DST, output),
      ])
    return output
  }

  func emitKernelGradient(
    _ input: Memory, _ gradient: Memory, kernel shape: Shape, as layout: MemoryDescriptor, in lowering: Lowering
  ) throws -> Memory {
    let backward = try PrimitiveDescriptor("a dense layer's kernel gradient", layer: layer) {
      graft_inner_product_backward_weights(
        &$0, $1, source.handle, weights.handle, nil, destination.handle, forward.handle)
    }
    let result = try lowering.allocate(backward.chosen(dnnl_query_diff_weights_md, shape: shape))
    try lowering.emit(
      backward,
      [
        (DNNL_ARG_SRC, placed(input, dnnl_query_src_md, of: backward, in: lowering)),
        (DNNL_ARG_DIFF_DST, placed(gradient, dnnl_query_diff_dst_md, of: backward, in: lowering)),
        (DNNL_ARG_DIFF_WEIGHTS, result),
      ])
    return try lowering.reorder(result, to: layout, layer: layer)
  }

  func emitInputGradient(
    _ gradient: Memory, _ kernel: Memory, input shape: Shape, in lowering: Lowering
  ) throws -> Memory {
    let backward = try PrimitiveDescriptor("a dense layer's input gradient", layer: layer) {
      graft_inner_product_backward_data(
        &$0, $1, source.handle, weights.handle, destination.handle, forward.handle)
    }
    let result = try lowering.allocate(backward.chosen(dnnl_query_diff_src_md, shape: shape))
    try lowering.emit(
      backward,
      [
        (DNNL_ARG_DIFF_DST, placed(gradient, dnnl_query_diff_dst_md, of: backward, in: lowering)),
        (DNNL_ARG_WEIGHTS, placed(kernel, dnnl_query_weights_md, of: backward, in: lowering)),
        (DNNL_ARG_DIFF_SRC, result),
      ])
    return result
  }

  /// The memory in the layout that the primitive wants.
  private func placed(
    _ memory: Memory, _ query: dnnl_query_t, of descriptor: PrimitiveDescriptor, in lowering: Lowering
  ) throws -> Memory {
    try lowering.reorder(memory, to: descriptor.chosen(query, shape: memory.shape), layer: layer)
  }
}
