import GraftFormats
import GraftGraph
import GraftTensors

extension Activation: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    if function == .linear { return builder.finish("Identity", [inputs[0].name]) }
    try function.export(inputs[0], to: &builder)
  }
}

extension PReLU: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish("PRelu", [inputs[0].name, try builder.parameter(.alpha)])
  }
}

extension Activation.Function {
  /// Finishes the layer at work with the function of a value.
  func export(_ value: ONNXBuilder.Value, to builder: inout ONNXBuilder) throws {
    let x = value.name
    if let (type, attributes) = onnxOperator { return builder.finish(type, [x], attributes) }
    switch self {
    case .relu6: builder.finishClip(x, 0, 6)
    case .clip(let low, let high): builder.finishClip(x, low, high)
    case .generalReLU(let maxValue, let slope, let threshold):
      builder.finishReLU(x, maxValue: maxValue, slope: slope, threshold: threshold)
    case .gelu(let approximate): builder.finishGELU(x, approximate: approximate)
    case .swish: builder.finish("Mul", [x, builder.add("Sigmoid", [x])])
    case .mish: builder.finish("Mul", [x, builder.add("Tanh", [builder.add("Softplus", [x])])])
    case .logSigmoid: builder.finish("Neg", [builder.add("Softplus", [builder.add("Neg", [x])])])
    case .tanhShrink: builder.finish("Sub", [x, builder.add("Tanh", [x])])
    case .square: builder.finish("Mul", [x, x])
    case .power(let exponent): builder.finish("Pow", [x, builder.constant(exponent)])
    default: throw Inexpressible("no operator computes \(self)")
    }
  }

  /// The one operator that computes the function, if there is one.
  private var onnxOperator: (type: String, attributes: [String: ONNXAttribute])? {
    switch self {
    case .relu: ("Relu", [:])
    case .leakyReLU(let slope): ("LeakyRelu", ["alpha": .float(slope)])
    case .elu(let alpha): ("Elu", ["alpha": .float(alpha)])
    case .celu(let alpha): ("Celu", ["alpha": .float(alpha)])
    case .selu: ("Selu", [:])
    case .sigmoid: ("Sigmoid", [:])
    case .hardSigmoid(let slope, let offset): ("HardSigmoid", ["alpha": .float(slope), "beta": .float(offset)])
    case .tanh: ("Tanh", [:])
    case .softplus: ("Softplus", [:])
    case .softsign: ("Softsign", [:])
    case .hardSwish: ("HardSwish", [:])
    case .exponential: ("Exp", [:])
    case .thresholdedReLU(let theta): ("ThresholdedRelu", ["alpha": .float(theta)])
    case .hardShrink(let lambda): ("Shrink", ["lambd": .float(lambda), "bias": .float(0)])
    case .softShrink(let lambda): ("Shrink", ["lambd": .float(lambda), "bias": .float(lambda)])
    case .absolute: ("Abs", [:])
    case .squareRoot: ("Sqrt", [:])
    case .logarithm: ("Log", [:])
    case .softmax: ("Softmax", ["axis": .integer(1)])
    case .logSoftmax: ("LogSoftmax", ["axis": .integer(1)])
    default: nil
    }
  }
}

extension ONNXBuilder {
  fileprivate mutating func finishClip(_ x: String, _ low: Float, _ high: Float) {
    finish("Clip", [x, constant(low), constant(high)])
  }

  /// x above the threshold t, slope · (x − t) below, and no more than the greatest value.
  fileprivate mutating func finishReLU(_ x: String, maxValue: Float?, slope: Float, threshold: Float) {
    let limit = constant(threshold)
    let isAbove = add("Greater", [x, limit])
    let below = add("Mul", [add("Sub", [x, limit]), constant(slope)])
    guard let maxValue else { return finish("Where", [isAbove, x, below]) }
    finish("Min", [add("Where", [isAbove, x, below]), constant(maxValue)])
  }

  /// x/2 · (1 + erf(x/√2)), or with tanh(√(2/π) · (x + 0.044715 x³)) in place of the error function.
  fileprivate mutating func finishGELU(_ x: String, approximate: Bool) {
    let inner: String
    if approximate {
      let cube = add("Mul", [add("Mul", [x, x]), x])
      let sum = add("Add", [x, add("Mul", [cube, constant(0.044_715)])])
      inner = add("Tanh", [add("Mul", [sum, constant(0.797_884_56)])])
    } else {
      inner = add("Erf", [add("Mul", [x, constant(0.707_106_78)])])
    }
    let half = add("Mul", [x, constant(0.5)])
    finish("Mul", [half, add("Add", [inner, constant(1)])])
  }
}
