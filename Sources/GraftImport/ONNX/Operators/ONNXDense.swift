import GraftFormats
import GraftGraph
import GraftTensors

extension ONNXOperators {
  static let dense: [String: Converter] = ["Gemm": gemm, "MatMul": matMul]

  /// α · A · B + β · C. Source: <https://onnx.ai/onnx/operators/onnx__Gemm.html>.
  private static func gemm(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    let factor = try operation.required(1, "the kernel")
    var input = try operation.activation(0)
    guard try operation.integer("transA", default: 0) == 0 else {
      throw ONNXRefusal("it transposes its input, and so works across the images of a batch")
    }
    // Versions before 7 took more than two axes for one row an image.
    if operation.version < 7, input.shape.rank > 1 { input = try flattened(input, operation, &builder) }
    guard input.shape.rank == 1, factor.shape.rank == 2 else {
      throw ONNXRefusal(
        "it multiplies \(input.seenShape) an image with \(factor.shape); a vector and a matrix were expected")
    }
    let isTransposed = try operation.integer("transB", default: 0) != 0
    var kernel = isTransposed ? factor : factor.permuted([1, 0])
    guard kernel.shape[1] == input.shape[0] else {
      throw ONNXRefusal("its kernel \(factor.shape) does not suit its input of \(input.shape[0]) numbers an image")
    }
    let alpha = try operation.float("alpha", default: 1)
    if alpha != 1 { kernel = kernel.scaled(by: alpha) }
    var weights = [(ParameterSpecification.Role.kernel, kernel, operation.node.inputs[1])]
    let beta = try operation.float("beta", default: 1)
    let units = kernel.shape[0]
    if let addend = try operation.constant(2, "the bias"), beta != 0 {
      let bias = try addend.spread(over: units)
      weights.append((.bias, beta == 1 ? bias : bias.scaled(by: beta), operation.node.inputs[2]))
    }
    let layer = Dense(operation.name, units: units, usesBias: weights.count > 1)
    return [
      .activation(
        try builder.add(layer, after: [input.node], weights: weights, sharing: operation.node.inputs[1]))
    ]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__MatMul.html>.
  private static func matMul(_ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder) throws -> [ONNXOperand] {
    guard case .constant(let factor)? = operation.input(1), case .activation(var input)? = operation.input(0) else {
      throw ONNXRefusal("it multiplies activations from the left or with each other, as attention does")
    }
    guard factor.shape.rank == 2, let last = input.axes.last, input.shape[last] == factor.shape[0] else {
      throw ONNXRefusal(
        "it multiplies \(input.seenShape) an image with \(factor.shape); a matrix that fits was expected")
    }
    let source = operation.node.inputs[1]
    let kernel = factor.permuted([1, 0])
    switch input.shape.rank {
    case 1:
      let layer = Dense(operation.name, units: factor.shape[1], usesBias: false)
      return [
        .activation(
          try builder.add(layer, after: [input.node], weights: [(.kernel, kernel, source)], sharing: source))
      ]
    case 3:
      // At each position the same: a convolution of 1×1 whose channels are ONNX's last axis.
      input = try builder.arrange(input, [last] + input.shape.dimensions.indices.filter { $0 != last })
      let layer = Conv2D(operation.name, filters: factor.shape[1], kernel: 1, usesBias: false)
      let weights = kernel.reshaped([factor.shape[1], factor.shape[0], 1, 1])
      let output = try builder.add(
        layer, after: [input.node], weights: [(.kernel, weights, source)], sharing: source)
      return [.activation(ONNXActivation(output.node, output.shape, axes: input.axes))]
    default:
      throw ONNXRefusal("it multiplies \(input.seenShape) an image; only vectors and feature maps are supported")
    }
  }
}

extension Tensor {
  fileprivate func scaled(by factor: Float) -> Tensor {
    Tensor(floats.map { $0 * factor }, shape: shape)
  }

  /// A bias as a vector: of as many numbers, or of one for all.
  fileprivate func spread(over units: Int) throws -> Tensor {
    if shape.count == units, shape.dimensions.last ?? 1 == units { return reshapedIfNeeded([units]) }
    guard shape.count == 1, let value = floats.first else {
      throw ONNXRefusal("its bias has the shape \(shape), where it has \(units) outputs")
    }
    return Tensor([Float](repeating: value, count: units), shape: [units])
  }
}
