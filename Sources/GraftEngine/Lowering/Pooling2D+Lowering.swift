import CDNNL
import GraftGraph
import GraftTensors

extension MaxPooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lowering.pool(inputs[0], dnnl_pooling_max, window, to: node.shape, layer: name).ifNeeded(by: node)
  }
}

extension AveragePooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let input = inputs[0]
    guard countsPadding else {
      return try lowering.pool(input, dnnl_pooling_avg_exclude_padding, window, to: node.shape, layer: name)
        .ifNeeded(by: node)
    }
    let margins = window.margins(for: Size2D(height: input.shape[2], width: input.shape[3]))
    let reach = window.onDNNL(over: input.shape).padding_after
    guard reach.0 > margins.bottom || reach.1 > margins.right else {
      return try lowering.pool(input, dnnl_pooling_avg_include_padding, window, to: node.shape, layer: name)
        .ifNeeded(by: node)
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
    let pooled = try lowering.pool(
      padded.output, dnnl_pooling_avg_exclude_padding, window, to: node.shape, layer: name)
    return padded.followed(by: pooled).ifNeeded(by: node)
  }
}

extension StridedSlice2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    // The mean of one pixel is the pixel, and its gradient's way back is the way back to that pixel.
    let window = Window2D(size: 1, strides: strides)
    return try lowering.pool(inputs[0], dnnl_pooling_avg_exclude_padding, window, to: node.shape, layer: name)
      .ifNeeded(by: node)
  }
}

extension GlobalAveragePooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lowering.reduced(inputs[0], .mean, over: [2, 3], to: node.shape, layer: name).ifNeeded(by: node)
  }
}

extension GlobalMaxPooling2D: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    try lowering.reduced(inputs[0], .max, over: [2, 3], to: node.shape, layer: name).ifNeeded(by: node)
  }
}

extension Lowering {
  func pool(
    _ input: Memory, _ algorithm: dnnl_alg_kind_t, _ window: Window2D, to shape: Shape, layer: String
  ) throws -> LoweredNode {
    var window = window.onDNNL(over: input.shape, output: Size2D(height: shape[2], width: shape[3]))
    let destination = try MemoryDescriptor.any(shape, input.descriptor.type)
    let forward = try PrimitiveDescriptor("a pooling", layer: layer) {
      graft_pooling_forward(
        &$0, $1, propagation, algorithm, input.descriptor.handle, destination.handle, &window)
    }
    let output = try allocate(forward.chosen(dnnl_query_dst_md, shape: shape))
    // Max pooling notes in a workspace which element of each window won.
    let workspace = try forward.workspace.map { try allocate($0) }
    let noted = workspace.map { [(DNNL_ARG_WORKSPACE, $0)] } ?? []
    try emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)] + noted)

    return LoweredNode(output: output) { gradient in
      let gradient = try self.reorder(gradient, to: output.descriptor, layer: layer)
      let backward = try PrimitiveDescriptor("a pooling's gradient", layer: layer) {
        graft_pooling_backward(
          &$0, $1, algorithm, input.descriptor.handle, output.descriptor.handle, &window, forward.handle)
      }
      let result = try self.allocate(input.descriptor)
      try self.emit(backward, [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)] + noted)
      return [result]
    }
  }
}
