import GraftFormats
import GraftGraph
import GraftTensors

extension ONNXOperators {
  /// Functions of each element. Source of the defaults: <https://onnx.ai/onnx/operators/>.
  static let activations: [String: Converter] = [
    "Relu": function { _ in .relu },
    "LeakyRelu": function { .leakyReLU(slope: try $0.float("alpha", default: 0.01)) },
    "Elu": function { .elu(alpha: try $0.float("alpha", default: 1)) },
    "Celu": function { .celu(alpha: try $0.float("alpha", default: 1)) },
    "Selu": scaledExponential,
    "Sigmoid": function { _ in .sigmoid },
    "HardSigmoid": function {
      .hardSigmoid(slope: try $0.float("alpha", default: 0.2), offset: try $0.float("beta", default: 0.5))
    },
    "HardSwish": function { _ in .hardSwish },
    "Swish": function { operation in
      guard try operation.float("alpha", default: 1) == 1 else { throw ONNXRefusal("its alpha is not 1") }
      return .swish
    },
    "Tanh": function { _ in .tanh },
    "Softplus": function { _ in .softplus },
    "Softsign": function { _ in .softsign },
    "Mish": function { _ in .mish },
    "Gelu": function { .gelu(approximate: try $0.text("approximate", default: "none") == "tanh") },
    "ThresholdedRelu": function { .thresholdedReLU(theta: try $0.float("alpha", default: 1)) },
    "Shrink": function { operation in
      let lambda = try operation.float("lambd", default: 0.5)
      let bias = try operation.float("bias", default: 0)
      if bias == 0 { return .hardShrink(lambda: lambda) }
      guard bias == lambda else { throw ONNXRefusal("its lambda and bias differ: \(lambda) and \(bias)") }
      return .softShrink(lambda: lambda)
    },
    "Exp": function { _ in .exponential },
    "Log": function { _ in .logarithm },
    "Sqrt": function { _ in .squareRoot },
    "Abs": function { _ in .absolute },
    "Reciprocal": function { _ in .power(exponent: -1) },
    "Clip": function(clip),
    "Erf": { operation, builder in
      let input = try operation.activation(0)
      return [.activation(try builder.addElementwise(ErrorFunction(operation.name), after: input))]
    },
    "Softmax": { try softmax($0, &$1, .softmax) },
    "LogSoftmax": { try softmax($0, &$1, .logSoftmax) },
    "PRelu": parametricReLU,
  ]

  private static func function(
    _ choose: @escaping @Sendable (ONNXOperation) throws -> Activation.Function
  ) -> Converter {
    { operation, builder in
      let input = try operation.activation(0)
      let layer = Activation(operation.name, try choose(operation))
      return [.activation(try builder.addElementwise(layer, after: input))]
    }
  }

  private static func clip(_ operation: ONNXOperation) throws -> Activation.Function {
    let lowest = -Float.greatestFiniteMagnitude
    let highest = Float.greatestFiniteMagnitude
    // Options until version 10, inputs from 11 on.
    let least = try operation.floatInput(1, "its least value") ?? operation.float("min", default: lowest)
    let greatest = try operation.floatInput(2, "its greatest value") ?? operation.float("max", default: highest)
    switch (least, greatest) {
    case (0, 6): return .relu6
    case (0, highest...): return .relu
    default: return .clip(min: max(least, lowest), max: min(greatest, highest))
    }
  }

  /// γ · elu(x); SELU proper where the constants are its own.
  private static func scaledExponential(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let alpha = try operation.float("alpha", default: 1.673_263_2)
    let gamma = try operation.float("gamma", default: 1.050_701)
    if abs(alpha - 1.673_263_2) < 1e-4, abs(gamma - 1.050_701) < 1e-4 {
      return [.activation(try builder.addElementwise(Activation(operation.name, .selu), after: input))]
    }
    let rectified = try builder.addElementwise(Activation(operation.name, .elu(alpha: alpha)), after: input)
    let layer = Rescaling(operation.name + "_scaled", scale: gamma)
    return [.activation(try builder.addElementwise(layer, after: rectified))]
  }

  /// Along one axis since version 13; before, over all axes from that one on.
  private static func softmax(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder, _ function: Activation.Function
  ) throws -> [ONNXOperand] {
    let input = try operation.activation(0)
    let isCoerced = operation.version < 13
    let axis = try operation.imageAxis(
      operation.integer("axis", default: isCoerced ? 1 : -1), rank: input.seenRank)
    if isCoerced, input.seenShape.dimensions[axis...].count(where: { $0 > 1 }) > 1 || axis >= input.axes.count {
      guard axis == 0 else { throw ONNXRefusal("it runs over several axes from axis \(axis + 1) on together") }
      let flat = try flattened(input, operation, &builder)
      let output = try builder.add(Activation(operation.name, function), after: [flat.node])
      let shape = input.seenShape
      let restored = try builder.add(
        Reshape(operation.name + "_reshaped", shape: shape, order: .channelsFirst), after: [output.node])
      return [.activation(restored)]
    }
    // Of the axes that count as one, only one has more than one element.
    let long = isCoerced ? input.axes.indices[axis...].first { input.seenShape[$0] > 1 } ?? axis : axis
    let channels = input.axes[long]
    let first = try builder.arrange(input, [channels] + input.shape.dimensions.indices.filter { $0 != channels })
    return [.activation(try builder.addElementwise(Activation(operation.name, function), after: first))]
  }

  /// Source: <https://onnx.ai/onnx/operators/onnx__PRelu.html>.
  private static func parametricReLU(
    _ operation: ONNXOperation, _ builder: inout ONNXGraphBuilder
  ) throws -> [ONNXOperand] {
    let slope = try operation.required(1, "its slope")
    var input = try operation.activation(0)
    input = input.shape.rank == 1 ? input : try builder.featureMap(input)
    let rank = input.shape.rank
    var shape = slope.shape.dimensions
    // Until version 6 a vector held one slope for each channel.
    if operation.version < 7, shape.count == 1, shape[0] == input.shape[0], rank == 3 { shape = [shape[0], 1, 1] }
    if shape.count == rank + 1, shape[0] == 1 { shape.removeFirst() }
    shape = [Int](repeating: 1, count: max(rank - shape.count, 0)) + shape
    guard shape.count == rank, zip(shape, input.shape.dimensions).allSatisfy({ $0 == 1 || $0 == $1 }) else {
      throw ONNXRefusal("its slope \(slope.shape) does not suit its input \(input.shape)")
    }
    let all: [PReLU.Axis] = [.channels, .height, .width]
    let shared = shape.indices.filter { shape[$0] == 1 && (input.shape[$0] > 1 || $0 > 0) }.map { all[$0] }
    let layer = PReLU(operation.name, sharedAxes: shared)
    return [
      .activation(
        try builder.add(
          layer, after: [input.node],
          weights: [(.alpha, slope.reshapedIfNeeded(Shape(shape)), operation.node.inputs[1])]))
    ]
  }
}

/// The error function, which only GELU uses: a step on the way to `Activation.Function.gelu`, never part of a network.
struct ErrorFunction: Layer {
  static let kind = "ErrorFunction"
  var name: String

  init(_ name: String) {
    self.name = name
  }

  func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    inputs.first ?? []
  }
}
