import CDNNL
import GraftGraph
import GraftTensors

extension Dense: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    guard let kernel = node.kernel else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    let input = inputs[0]
    // The last dense layer is small, and what it makes are scores.
    let type = node.keepsFloat32 ? ElementType.float32 : lowering.precision.elementType
    let source = try MemoryDescriptor.any(input.shape, type)
    let weights = try MemoryDescriptor.any(kernel.shape, type)
    let destination = try MemoryDescriptor.any(node.shape, type)
    let biasLayout = try node.bias.map { try MemoryDescriptor.rowMajor($0.shape) }

    let forward = try activation.withPostOperations(in: lowering.mode) { attributes in
      try PrimitiveDescriptor("a dense layer", layer: name) {
        graft_inner_product_forward(
          &$0, $1, lowering.propagation, source.handle, weights.handle, biasLayout?.handle, destination.handle,
          attributes)
      }
    }
    let vectors = try lowering.reorder(
      input, to: forward.chosen(dnnl_query_src_md, shape: input.shape), layer: name)
    let output = try lowering.allocate(forward.chosen(dnnl_query_dst_md, shape: node.shape))
    let gradients = DenseGradients(
      layer: name, type: type, kernel: kernel, bias: node.bias, forward: forward, input: vectors)
    var arguments = try [
      (DNNL_ARG_SRC, vectors), (DNNL_ARG_DST, output),
      (
        DNNL_ARG_WEIGHTS,
        kernel.memory(
          as: forward.chosen(dnnl_query_weights_md, shape: kernel.shape),
          master: kernel.isTrainable ? gradients.kernelLayout(of: output) : nil, in: lowering)
      ),
    ]
    if let bias = node.bias, let biasLayout {
      arguments.append((DNNL_ARG_BIAS, try bias.memory(as: biasLayout, in: lowering)))
    }
    try lowering.emit(forward, arguments)

    return try activation.completing(output: output, layer: node.name, in: lowering) { gradient in
      if kernel.isTrainable {
        try gradients.toWeights(gradient, in: lowering)
      } else {
        try emitBiasGradient(gradient, of: node.bias, layer: name, in: lowering)
      }
      return node.inputNeedsGradient ? [try gradients.toInput(gradient, in: lowering)] : [nil]
    }
  }
}

/// The two backward passes of a dense layer.
@EngineActor
private struct DenseGradients {
  let layer: String
  /// What is multiplied.
  let type: ElementType
  let kernel: ParameterSlot
  let bias: ParameterSlot?
  let forward: PrimitiveDescriptor
  let input: Memory

  func toInput(_ gradient: Memory, in lowering: Lowering) throws -> Memory {
    let source = try MemoryDescriptor.any(input.shape, type)
    let weights = try MemoryDescriptor.any(kernel.shape, type)
    let destination = try MemoryDescriptor.any(gradient.shape, type)
    let backward = try PrimitiveDescriptor("a dense layer's input gradient", layer: layer) {
      graft_inner_product_backward_data(
        &$0, $1, source.handle, weights.handle, destination.handle, forward.handle)
    }
    let gradient = try lowering.reorder(
      gradient, to: backward.chosen(dnnl_query_diff_dst_md, shape: gradient.shape), layer: layer)
    let result = try lowering.allocate(backward.chosen(dnnl_query_diff_src_md, shape: input.shape))
    let kernel = try kernel.memory(
      as: backward.chosen(dnnl_query_weights_md, shape: kernel.shape), in: lowering)
    try lowering.emit(
      backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_WEIGHTS, kernel), (DNNL_ARG_DIFF_SRC, result)])
    return result
  }

  func toWeights(_ gradient: Memory, in lowering: Lowering) throws {
    let (backward, biasLayout) = try described(gradient.shape)
    let gradient = try lowering.reorder(
      gradient, to: backward.chosen(dnnl_query_diff_dst_md, shape: gradient.shape), layer: layer)
    let input = try lowering.reorder(
      input, to: backward.chosen(dnnl_query_src_md, shape: input.shape), layer: layer)
    try emitWeightGradients(
      backward, kernel: kernel, bias: bias, biasLayout: biasLayout,
      arguments: [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient)], in: lowering)
  }

  /// How the kernel's gradient will lie: how the numbers that training moves had best lie too.
  func kernelLayout(of output: Memory) throws -> MemoryDescriptor {
    try described(output.shape).0.chosen(dnnl_query_diff_weights_md, shape: kernel.shape)
  }

  private func described(_ output: Shape) throws -> (PrimitiveDescriptor, bias: MemoryDescriptor?) {
    let source = try MemoryDescriptor.any(input.shape, type)
    let weights = try MemoryDescriptor.any(kernel.shape)
    let biasLayout = try bias.map { try MemoryDescriptor.rowMajor($0.shape) }
    let destination = try MemoryDescriptor.any(output, type)
    let backward = try PrimitiveDescriptor("a dense layer's kernel gradient", layer: layer) {
      graft_inner_product_backward_weights(
        &$0, $1, source.handle, weights.handle, biasLayout?.handle, destination.handle, forward.handle)
    }
    return (backward, biasLayout)
  }
}
