import CDNNL
import GraftGraph
import GraftTensors

/// One of oneDNN's functions of a single number, with its constants.
struct ElementwiseOperation {
  let algorithm: dnnl_alg_kind_t
  let alpha: Float
  let beta: Float
  /// The same function with a backward pass that reads the output, so that the input need not be kept.
  let byDestination: dnnl_alg_kind_t?

  init(
    algorithm: dnnl_alg_kind_t, alpha: Float = 0, beta: Float = 0, byDestination: dnnl_alg_kind_t? = nil
  ) {
    self.algorithm = algorithm
    self.alpha = alpha
    self.beta = beta
    self.byDestination = byDestination
  }

  init(_ function: graft_eltwise) {
    self.init(algorithm: function.algorithm, alpha: function.alpha, beta: function.beta)
  }

  @EngineActor
  func emitForward(
    from input: Memory, to output: Memory, layer: String, in lowering: Lowering
  ) throws {
    let forward = try PrimitiveDescriptor("an activation", layer: layer) {
      graft_eltwise_forward(
        &$0, $1, lowering.propagation, byDestination ?? algorithm, input.descriptor.handle, alpha, beta)
    }
    try lowering.emit(forward, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])
  }

  /// The gradient of the input.
  ///
  /// - Parameter input: read only by functions without a backward pass by destination.
  @EngineActor
  func emitBackward(
    _ gradient: Memory, input: Memory?, output: Memory, layer: String, in lowering: Lowering
  ) throws -> Memory {
    let layout = output.descriptor
    let gradient = try lowering.reorder(gradient, to: layout, layer: layer)
    let algorithm = byDestination ?? algorithm
    let forward = try PrimitiveDescriptor("an activation", layer: layer) {
      graft_eltwise_forward(&$0, $1, dnnl_forward_training, algorithm, layout.handle, alpha, beta)
    }
    let backward = try PrimitiveDescriptor("an activation's gradient", layer: layer) {
      graft_eltwise_backward(&$0, $1, algorithm, layout.handle, layout.handle, alpha, beta, forward.handle)
    }
    let result = try lowering.allocate(layout)
    let data = byDestination == nil ? (DNNL_ARG_SRC, input ?? output) : (DNNL_ARG_DST, output)
    try lowering.emit(backward, [data, (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
    return result
  }

  /// `scale` · x + `offset`.
  static func affine(_ scale: Float, _ offset: Float = 0) -> ElementwiseOperation {
    ElementwiseOperation(algorithm: dnnl_eltwise_linear, alpha: scale, beta: offset)
  }

  static func clip(_ low: Float, _ high: Float) -> ElementwiseOperation {
    ElementwiseOperation(
      algorithm: dnnl_eltwise_clip_v2, alpha: low, beta: high, byDestination: dnnl_eltwise_clip_v2_use_dst_for_bwd)
  }

  /// x above 0, `slope` · x otherwise. Below a negative slope the output does not tell the sign of the input.
  static func rectifier(_ slope: Float = 0) -> ElementwiseOperation {
    ElementwiseOperation(
      algorithm: dnnl_eltwise_relu, alpha: slope,
      byDestination: slope >= 0 ? dnnl_eltwise_relu_use_dst_for_bwd : nil)
  }

  static func elu(_ alpha: Float) -> ElementwiseOperation {
    ElementwiseOperation(
      algorithm: dnnl_eltwise_elu, alpha: alpha, byDestination: alpha >= 0 ? dnnl_eltwise_elu_use_dst_for_bwd : nil)
  }
}

extension Activation.Function {
  /// The function as oneDNN's, one after another, or nil where it is none of a single number or needs several reads.
  var operations: [ElementwiseOperation]? {
    switch self {
    case .linear: []
    case .relu: [.rectifier()]
    case .generalReLU(let maxValue?, 0, 0): [.clip(0, maxValue)]
    case .generalReLU(let maxValue, let slope, 0):
      [.rectifier(slope)] + (maxValue.map { [.clip(-.greatestFiniteMagnitude, $0)] } ?? [])
    case .relu6: [.clip(0, 6)]
    case .leakyReLU(let slope): [.rectifier(slope)]
    case .elu(let alpha): [.elu(alpha)]
    case .selu: [.elu(1.673_263_2), .affine(1.050_701)]
    case .gelu(approximate: false): [.init(algorithm: dnnl_eltwise_gelu_erf)]
    case .gelu(approximate: true): [.init(algorithm: dnnl_eltwise_gelu_tanh)]
    case .sigmoid:
      [.init(algorithm: dnnl_eltwise_logistic, byDestination: dnnl_eltwise_logistic_use_dst_for_bwd)]
    case .hardSigmoid(let slope, let offset): [.affine(slope, offset), .clip(0, 1)]
    case .tanh: [.init(algorithm: dnnl_eltwise_tanh, byDestination: dnnl_eltwise_tanh_use_dst_for_bwd)]
    case .softplus: [.init(algorithm: dnnl_eltwise_soft_relu, alpha: 1)]
    case .swish: [.init(algorithm: dnnl_eltwise_swish, alpha: 1)]
    case .hardSwish: [.init(graft_hard_swish())]
    case .exponential: [.init(algorithm: dnnl_eltwise_exp, byDestination: dnnl_eltwise_exp_use_dst_for_bwd)]
    case .clip(let low, let high): [.clip(low, high)]
    case .mish: [.init(algorithm: dnnl_eltwise_mish)]
    case .logSigmoid: [.init(graft_log_sigmoid())]
    case .celu(let alpha): [.affine(1 / alpha), .elu(1), .affine(alpha)]
    case .absolute: [.init(algorithm: dnnl_eltwise_abs)]
    case .squareRoot: [.init(algorithm: dnnl_eltwise_sqrt, byDestination: dnnl_eltwise_sqrt_use_dst_for_bwd)]
    case .square: [.init(algorithm: dnnl_eltwise_square)]
    case .logarithm: [.init(algorithm: dnnl_eltwise_log)]
    case .softsign, .generalReLU, .thresholdedReLU, .hardShrink, .softShrink, .tanhShrink, .power, .softmax,
      .logSoftmax:
      nil
    }
  }

  /// Whether a layer before it can have the function as its own.
  var isElementwise: Bool { operations?.isEmpty == false }

  /// What a convolution or dense layer applies to its result in the same pass: everything that oneDNN can at inference;
  /// in training a single function whose output is enough to go back.
  func fusedOperations(in mode: Lowering.Mode) -> [ElementwiseOperation] {
    guard let operations, mode == .inference || operations.count == 1 && operations[0].byDestination != nil else {
      return []
    }
    // oneDNN 2.6 gives two post-operations of one kind the constants of the first.
    let kinds = Set(operations.map(\.algorithm.rawValue))
    return kinds.count == operations.count ? operations : []
  }
}

extension Lowering {
  /// Operations one after another, each a step of its own.
  func apply(_ operations: [ElementwiseOperation], to input: Memory, layer: String) throws -> LoweredNode {
    var values = [input]
    for (index, operation) in operations.enumerated() {
      let output = try allocate(input.descriptor)
      try operation.emitForward(from: values[index], to: output, layer: layer, in: self)
      values.append(output)
    }
    return LoweredNode(output: values[operations.count]) { gradient in
      var gradient = gradient
      for (index, operation) in operations.enumerated().reversed() {
        gradient = try operation.emitBackward(
          gradient, input: values[index], output: values[index + 1], layer: layer, in: self)
      }
      return [gradient]
    }
  }
}
