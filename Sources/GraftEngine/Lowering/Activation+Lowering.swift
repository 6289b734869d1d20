import CDNNL
import GraftGraph
import GraftTensors

extension Activation: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    let lowered = try function.lower(inputs[0], layer: node.name, into: lowering)
    return LoweredNode(output: lowered.output) { gradient in
      guard node.inputNeedsGradient else { return [nil] }
      return try lowered.backward.map { try $0(gradient) } ?? [gradient]
    }
  }
}

extension Activation.Function {
  /// Whether a convolution or dense layer can apply the function to its result in the same pass.
  var isFusible: Bool { self == .relu }

  /// Attributes that make a primitive apply the function to its result.
  @EngineActor
  func withPostOperation<Result>(_ body: (dnnl_primitive_attr_t?) throws -> Result) throws -> Result {
    guard isFusible else { return try body(nil) }
    var attributes: dnnl_primitive_attr_t?
    var operations: dnnl_post_ops_t?
    try check(dnnl_primitive_attr_create(&attributes), "attributes")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try check(dnnl_post_ops_create(&operations), "post-operations")
    defer { dnnl_post_ops_destroy(operations) }
    try check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "a fused activation")
    try check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations")
    return try body(attributes)
  }

  /// A layer's linear part with this activation after it, fused or not.
  @EngineActor
  func completing(
    output: Memory, layer: String, in lowering: Lowering, linearBackward: @escaping LoweredNode.Backward
  ) throws -> LoweredNode {
    if isFusible {
      return LoweredNode(output: output) { gradient in
        // The output tells where the fused ReLU let values through.
        try linearBackward(rectifierBackward(output: output, gradient: gradient, layer: layer, in: lowering))
      }
    }
    let activated = try lower(output, layer: layer, into: lowering)
    return LoweredNode(output: activated.output) { gradient in
      let linear = try activated.backward?(gradient).first ?? gradient
      return try linearBackward(linear ?? gradient)
    }
  }
  /// The function as steps of its own.
  @EngineActor
  func lower(_ input: Memory, layer: String, into lowering: Lowering) throws -> LoweredNode {
    switch self {
    case .linear:
      return LoweredNode(output: input) { [$0] }
    case .relu:
      let output = try rectified(input, layer: layer, in: lowering)
      return LoweredNode(output: output) { gradient in
        [try rectifierBackward(output: output, gradient: gradient, layer: layer, in: lowering)]
      }
    case .softmax:
      return try channelSoftmax(input, layer: layer, in: lowering)
    }
  }
}

@EngineActor
private func rectified(_ input: Memory, layer: String, in lowering: Lowering) throws -> Memory {
  let forward = try PrimitiveDescriptor("a ReLU", layer: layer) {
    graft_eltwise_forward(
      &$0, $1, lowering.propagation, dnnl_eltwise_relu_use_dst_for_bwd, input.descriptor.handle, 0, 0)
  }
  let output = try lowering.allocate(input.descriptor)
  try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])
  return output
}

/// ReLU passes the gradient where its output is positive, so that the input need not be kept.
@EngineActor
private func rectifierBackward(
  output: Memory, gradient: Memory, layer: String, in lowering: Lowering
) throws -> Memory {
  let layout = output.descriptor
  let gradient = try lowering.reorder(gradient, to: layout, layer: layer)
  let forward = try PrimitiveDescriptor("a ReLU", layer: layer) {
    graft_eltwise_forward(&$0, $1, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, layout.handle, 0, 0)
  }
  let backward = try PrimitiveDescriptor("a ReLU's gradient", layer: layer) {
    graft_eltwise_backward(
      &$0, $1, dnnl_eltwise_relu_use_dst_for_bwd, layout.handle, layout.handle, 0, 0, forward.handle)
  }
  let result = try lowering.allocate(layout)
  try lowering.emit(
    backward, [(DNNL_ARG_DST, output), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
  return result
}

/// Softmax over the channels, axis 1 of `[N, C, …]`.
@EngineActor
private func channelSoftmax(_ input: Memory, layer: String, in lowering: Lowering) throws -> LoweredNode {
  let layout = input.descriptor
  let forward = try PrimitiveDescriptor("a softmax", layer: layer) {
    graft_softmax_forward(&$0, $1, lowering.propagation, layout.handle, 1)
  }
  let output = try lowering.allocate(layout)
  try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])
  return LoweredNode(output: output) { gradient in
    let gradient = try lowering.reorder(gradient, to: layout, layer: layer)
    let backward = try PrimitiveDescriptor("a softmax's gradient", layer: layer) {
      graft_softmax_backward(&$0, $1, layout.handle, layout.handle, 1, forward.handle)
    }
    let result = try lowering.allocate(layout)
    try lowering.emit(
      backward, [(DNNL_ARG_DST, output), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
    return [result]
  }
}
