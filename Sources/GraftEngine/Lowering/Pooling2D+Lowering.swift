import CDNNL
import GraftGraph
import GraftTensors

extension MaxPooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try pool(inputs[0], dnnl_pooling_max, window, to: node.shape, node, in: lowering)
  }
}

extension AveragePooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try pool(inputs[0], dnnl_pooling_avg_exclude_padding, window, to: node.shape, node, in: lowering)
  }
}

extension GlobalAveragePooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try poolGlobally(inputs[0], dnnl_pooling_avg_exclude_padding, node, in: lowering)
  }
}

extension GlobalMaxPooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try poolGlobally(inputs[0], dnnl_pooling_max, node, in: lowering)
  }
}

/// A pooling whose window is the whole feature map; oneDNN's own reductions are slower.
@EngineActor
private func poolGlobally(
  _ input: Memory, _ algorithm: dnnl_alg_kind_t, _ node: LoweringNode, in lowering: Lowering
) throws -> LoweredNode {
  let window = Window2D(size: Size2D(height: input.shape[2], width: input.shape[3]))
  let pixels: Shape = [input.shape[0], input.shape[1], 1, 1]
  let pooled = try pool(input, algorithm, window, to: pixels, node, in: lowering)
  let output = try lowering.reshape(pooled.output, to: node.shape, layer: node.name)
  return LoweredNode(output: output) { gradient in
    let gradient = try lowering.reshape(gradient, to: pixels, layer: node.name)
    return try pooled.backward?(gradient) ?? [nil]
  }
}

@EngineActor
private func pool(
  _ input: Memory, _ algorithm: dnnl_alg_kind_t, _ window: Window2D, to shape: Shape, _ node: LoweringNode,
  in lowering: Lowering
) throws -> LoweredNode {
  var window = window.onDNNL(over: input.shape)
  let destination = try MemoryDescriptor.any(shape)
  let forward = try PrimitiveDescriptor("a pooling", layer: node.name) {
    graft_pooling_forward(
      &$0, $1, lowering.propagation, algorithm, input.descriptor.handle, destination.handle, &window)
  }
  let output = try lowering.allocate(forward.chosen(dnnl_query_dst_md, shape: shape))
  // Max pooling notes in a workspace which element of each window won.
  let workspace = try forward.workspace.map { try Memory($0) }
  let noted = workspace.map { [(DNNL_ARG_WORKSPACE, $0)] } ?? []
  try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)] + noted)

  return LoweredNode(output: output) { gradient in
    guard node.inputNeedsGradient else { return [nil] }
    let gradient = try lowering.reorder(gradient, to: output.descriptor, layer: node.name)
    let backward = try PrimitiveDescriptor("a pooling's gradient", layer: node.name) {
      graft_pooling_backward(
        &$0, $1, algorithm, input.descriptor.handle, output.descriptor.handle, &window, forward.handle)
    }
    let result = try lowering.allocate(input.descriptor)
    try lowering.emit(backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)] + noted)
    return [result]
  }
}
