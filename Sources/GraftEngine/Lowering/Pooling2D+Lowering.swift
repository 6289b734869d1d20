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
    let input = inputs[0]
    guard countsPadding else {
      return try pool(input, dnnl_pooling_avg_exclude_padding, window, to: node.shape, node, in: lowering)
    }
    let margins = window.margins(for: Size2D(height: input.shape[2], width: input.shape[3]))
    let reach = window.onDNNL(over: input.shape).padding_after
    guard reach.0 > margins.bottom || reach.1 > margins.right else {
      return try pool(input, dnnl_pooling_avg_include_padding, window, to: node.shape, node, in: lowering)
    }
    // Rounded up, windows reach beyond the padding, and what lies there is not counted: so the padding becomes part of
    // the input, and what lies beyond it the padding.
    let shape: Shape = [
      input.shape[0], input.shape[1], margins.top + input.shape[2] + margins.bottom,
      margins.left + input.shape[3] + margins.right,
    ]
    let padded = try lowering.padding(input, to: shape, at: [0, 0, margins.top, margins.left], layer: name)
    var window = window
    window.padding = .valid
    let pooled = try pool(
      padded.output, dnnl_pooling_avg_exclude_padding, window, to: node.shape, node, in: lowering)
    return LoweredNode(output: pooled.output) { gradient in
      guard let inner = try pooled.backward?(gradient).first ?? nil else { return [nil] }
      return try padded.backward?(inner) ?? [nil]
    }
  }
}

extension StridedSlice2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    // The mean of one pixel is the pixel, and its gradient's way back is the way back to that pixel.
    let window = Window2D(size: 1, strides: strides)
    return try pool(inputs[0], dnnl_pooling_avg_exclude_padding, window, to: node.shape, node, in: lowering)
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
  var window = window.onDNNL(over: input.shape, output: Size2D(height: shape[2], width: shape[3]))
  let destination = try MemoryDescriptor.any(shape)
  let forward = try PrimitiveDescriptor("a pooling", layer: node.name) {
    graft_pooling_forward(
      &$0, $1, lowering.propagation, algorithm, input.descriptor.handle, destination.handle, &window)
  }
  let output = try lowering.allocateTemporary(forward.chosen(dnnl_query_dst_md, shape: shape))
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
    let result = try lowering.allocateTemporary(input.descriptor)
    try lowering.emit(backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)] + noted)
    return [result]
  }
}

extension Lowering {
  /// The sum over all positions of each channel: `[N, C, H, W]` → `[N, C, 1, 1]`.
  func sumOverPixels(_ input: Memory, layer: String) throws -> Memory {
    let (height, width) = (input.shape[2], input.shape[3])
    guard height * width > 1 else { return input }
    var window = Window2D(size: Size2D(height: height, width: width)).onDNNL(over: input.shape)
    let shape: Shape = [input.shape[0], input.shape[1], 1, 1]
    let destination = try MemoryDescriptor.any(shape)
    let averaging = try PrimitiveDescriptor("a sum over pixels", layer: layer) {
      graft_pooling_forward(
        &$0, $1, dnnl_forward_inference, dnnl_pooling_avg_exclude_padding, input.descriptor.handle,
        destination.handle, &window)
    }
    let mean = try allocateTemporary(averaging.chosen(dnnl_query_dst_md, shape: shape))
    try emit(averaging, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, mean)])
    return try apply([.affine(Float(height * width))], to: mean, layer: layer).output
  }
}
