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
  /// Attributes that make a primitive apply the function to its result, where it can.
  ///
  /// - Parameter addsDestination: whether what lies where the result goes is added before.
  @EngineActor
  func withPostOperations<Result>(
    in mode: Lowering.Mode, addsDestination: Bool = false, _ body: (dnnl_primitive_attr_t?) throws -> Result
  ) throws -> Result {
    let fused = fusedOperations(in: mode)
    guard addsDestination || !fused.isEmpty else { return try body(nil) }
    var attributes: dnnl_primitive_attr_t?
    var postOperations: dnnl_post_ops_t?
    try check(dnnl_primitive_attr_create(&attributes), "attributes")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try check(dnnl_post_ops_create(&postOperations), "post-operations")
    defer { dnnl_post_ops_destroy(postOperations) }
    if addsDestination { try check(graft_post_ops_append_sum(postOperations), "a fused addition") }
    for operation in fused {
      try check(
        graft_post_ops_append_eltwise(postOperations, operation.algorithm, operation.alpha, operation.beta),
        "a fused activation")
    }
    try check(dnnl_primitive_attr_set_post_ops(attributes, postOperations), "post-operations")
    return try body(attributes)
  }

  /// A layer's linear part with this activation after it, fused or not.
  @EngineActor
  func completing(
    output: Memory, layer: String, in lowering: Lowering, linearBackward: @escaping LoweredNode.Backward
  ) throws -> LoweredNode {
    if let fused = fusedOperations(in: lowering.mode).last {
      return LoweredNode(output: output) { gradient in
        // The output alone tells the way back.
        try linearBackward(
          fused.emitBackward(gradient, input: nil, output: output, layer: layer, in: lowering))
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
    if let operations { return try lowering.apply(operations, to: input, layer: layer) }
    switch self {
    case .softmax, .logSoftmax:
      return try channelSoftmax(input, isLogarithmic: self == .logSoftmax, layer: layer, in: lowering)
    case .softsign:
      return try dividedByMagnitude(input, layer: layer, in: lowering)
    case .generalReLU(let maxValue, let negativeSlope, let threshold):
      let rectified = try thresholded(input, threshold, below: negativeSlope, layer: layer, in: lowering)
      guard let maxValue else { return rectified }
      let clipped = try lowering.apply(
        [.clip(-.greatestFiniteMagnitude, maxValue)], to: rectified.output, layer: layer)
      return LoweredNode(output: clipped.output) { gradient in
        let within = try clipped.backward?(gradient).first ?? gradient
        return try rectified.backward?(within ?? gradient) ?? [nil]
      }
    case .hardShrink(let lambda):
      return try lowering.cutWithin(lambda, input, layer: layer)
    case .softShrink(let lambda):
      return try lowering.shrunk(input, by: .clip(-lambda, lambda), layer: layer)
    case .tanhShrink:
      return try lowering.shrunk(input, by: ElementwiseOperation(algorithm: dnnl_eltwise_tanh), layer: layer)
    case .power(let exponent):
      return try lowering.power(exponent, of: input, layer: layer)
    case .thresholdedReLU(let theta):
      return try thresholded(input, theta, below: 0, layer: layer, in: lowering)
    default:
      return LoweredNode(output: input) { [$0] }
    }
  }
}

/// Softmax over the channels, axis 1 of `[N, C, …]`, or its logarithm.
@EngineActor
private func channelSoftmax(
  _ input: Memory, isLogarithmic: Bool, layer: String, in lowering: Lowering
) throws -> LoweredNode {
  // Probabilities deserve all the digits.
  let input = try lowering.inFloat32(input, layer: layer)
  let layout = input.descriptor
  let forward = try PrimitiveDescriptor("a softmax", layer: layer) {
    graft_softmax_forward(&$0, $1, lowering.propagation, isLogarithmic, layout.handle, 1)
  }
  let output = try lowering.allocate(layout)
  try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])
  return LoweredNode(output: output) { gradient in
    let gradient = try lowering.reorder(gradient, to: layout, layer: layer)
    let backward = try PrimitiveDescriptor("a softmax's gradient", layer: layer) {
      graft_softmax_backward(&$0, $1, isLogarithmic, layout.handle, layout.handle, 1, forward.handle)
    }
    let result = try lowering.allocate(layout)
    try lowering.emit(
      backward, [(DNNL_ARG_DST, output), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
    return [result]
  }
}

/// x / (1 + |x|), whose slope is 1 / (1 + |x|)².
@EngineActor
private func dividedByMagnitude(_ input: Memory, layer: String, in lowering: Lowering) throws -> LoweredNode {
  let magnitude = ElementwiseOperation(algorithm: dnnl_eltwise_abs)
  let divisor = try lowering.apply([magnitude, .affine(1, 1)], to: input, layer: layer).output
  let output = try lowering.binary(dnnl_binary_div, input, divisor, layer: layer)
  return LoweredNode(output: output) { gradient in
    let once = try lowering.binary(dnnl_binary_div, gradient, divisor, layer: layer)
    return [try lowering.binary(dnnl_binary_div, once, divisor, layer: layer)]
  }
}

/// x above a threshold t, slope · (x − t) below.
@EngineActor
private func thresholded(
  _ input: Memory, _ threshold: Float, below slope: Float, layer: String, in lowering: Lowering
) throws -> LoweredNode {
  let limit = try lowering.constant(threshold, rank: input.shape.rank)
  let isAbove = try lowering.binary(dnnl_binary_gt, input, limit, layer: layer)
  // slope · (x − t) everywhere, and above also what is missing to x.
  let below = try lowering.apply([.affine(slope, -slope * threshold)], to: input, layer: layer).output
  let missing = try lowering.apply([.affine(1 - slope, slope * threshold)], to: input, layer: layer).output
  let added = try lowering.binary(dnnl_binary_mul, isAbove, missing, layer: layer)
  let output = try lowering.binary(dnnl_binary_add, below, added, layer: layer)
  return LoweredNode(output: output) { gradient in
    let slopes = try lowering.apply([.affine(1 - slope, slope)], to: isAbove, layer: layer).output
    return [try lowering.binary(dnnl_binary_mul, gradient, slopes, layer: layer)]
  }
}
