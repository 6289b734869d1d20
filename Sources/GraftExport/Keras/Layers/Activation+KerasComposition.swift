import GraftGraph

/// Functions that some Keras or other lacks, from layers that all of them have.
extension Activation.Function {
  func composed(
    _ x: KerasBuilder.Value, to builder: inout KerasBuilder, suffix: String?
  ) throws -> KerasBuilder.Value {
    switch self {
    case .elu(let alpha):
      return builder.add("ELU", [x], shape: x.shape, ["alpha": .number(alpha)], suffix: suffix)
    case .celu(let alpha):
      let scaled = builder.rescaled(x, by: 1 / alpha, suffix: "celu_in")
      let elu = builder.apply("elu", scaled, suffix: "celu_elu")
      return builder.rescaled(elu, by: alpha, suffix: suffix)
    case .hardSigmoid(let slope, let offset):
      return builder.clampedLine(x, slope, offset, suffix: suffix)
    case .hardSwish:
      let gate = builder.clampedLine(x, 1 / 6, 0.5, suffix: "gate")
      return builder.join("Multiply", [x, gate], suffix: suffix)
    case .logSigmoid:
      let softplus = builder.apply("softplus", builder.rescaled(x, by: -1, suffix: "negative"), suffix: "softplus")
      return builder.rescaled(softplus, by: -1, suffix: suffix)
    case .tanhShrink:
      return builder.join("Subtract", [x, builder.apply("tanh", x, suffix: "tanh")], suffix: suffix)
    case .absolute:
      return builder.join("Maximum", [x, builder.rescaled(x, by: -1, suffix: "negative")], suffix: suffix)
    case .square:
      return builder.join("Multiply", [x, x], suffix: suffix)
    case .power(let exponent) where exponent == exponent.rounded() && (2...8).contains(exponent):
      return builder.join("Multiply", [KerasBuilder.Value](repeating: x, count: Int(exponent)), suffix: suffix)
    case .power(1):
      return builder.apply("linear", x, suffix: suffix)
    case .hardShrink(let lambda) where lambda >= 0:
      let (above, below) = builder.bothSides(x) { builder, value, suffix in
        builder.rectify(value, threshold: lambda, suffix: suffix)
      }
      return builder.join("Subtract", [above, below], suffix: suffix)
    case .softShrink(let lambda):
      let (above, below) = builder.bothSides(x) { builder, value, suffix in
        builder.rectify(builder.rescaled(value, plus: -lambda, suffix: "\(suffix)_shift"), suffix: suffix)
      }
      return builder.join("Subtract", [above, below], suffix: suffix)
    case .clip(let least, let most):
      return builder.clip(x, least, most, suffix: suffix)
    case .gelu:
      return builder.approximateGELU(x, suffix: suffix)
    default:
      throw Inexpressible("Keras has no activation \(self)")
    }
  }
}

extension KerasBuilder {
  mutating func apply(_ activation: String, _ x: Value, suffix: String?) -> Value {
    add("Activation", [x], shape: x.shape, ["activation": .text(activation)], suffix: suffix)
  }

  /// Several values of one shape, element by element.
  mutating func join(_ className: String, _ values: [Value], suffix: String? = nil) -> Value {
    add(className, values, shape: values[0].shape, suffix: suffix)
  }

  /// x above the threshold, 0 otherwise, and no more than the greatest value.
  fileprivate mutating func rectify(
    _ x: Value, maxValue: Float? = nil, threshold: Float = 0, suffix: String?
  ) -> Value {
    add(
      "ReLU", [x], shape: x.shape,
      [
        "max_value": maxValue.map { .number($0) } ?? .null, "negative_slope": 0.0, "threshold": .number(threshold),
      ], suffix: suffix)
  }

  /// `slope` · x + `offset`, within 0 … 1.
  fileprivate mutating func clampedLine(_ x: Value, _ slope: Float, _ offset: Float, suffix: String?) -> Value {
    let line = rescaled(x, by: slope, plus: offset, suffix: suffix.map { "\($0)_line" } ?? "line")
    return rectify(line, maxValue: 1, suffix: suffix)
  }

  /// A function of x and of −x.
  fileprivate mutating func bothSides(
    _ x: Value, _ function: (inout KerasBuilder, Value, String) -> Value
  ) -> (Value, Value) {
    let above = function(&self, x, "above")
    return (above, function(&self, rescaled(x, by: -1, suffix: "negative"), "below"))
  }

  /// x within `least` … `most`. Around zero as the difference of what is above and what is below, which rounds nothing.
  fileprivate mutating func clip(_ x: Value, _ least: Float, _ most: Float, suffix: String?) -> Value {
    // Exporters write a bound that is not there as the least or the greatest number.
    let (least, most) = (least < -1e38 ? -.infinity : least, most > 1e38 ? .infinity : most)
    func bound(_ number: Float) -> Float? { number.isFinite ? number : nil }
    if least == 0 { return rectify(x, maxValue: bound(most), suffix: suffix) }
    if least < 0, most > 0 {
      if !least.isFinite, !most.isFinite { return apply("linear", x, suffix: suffix) }
      let above = rectify(x, maxValue: bound(most), suffix: "above")
      let below = rectify(rescaled(x, by: -1, suffix: "negative"), maxValue: bound(-least), suffix: "below")
      return join("Subtract", [above, below], suffix: suffix)
    }
    if least > 0 {
      let excess = rectify(rescaled(x, plus: -least, suffix: "shift"), maxValue: bound(most - least), suffix: "clip")
      return rescaled(excess, plus: least, suffix: suffix)
    }
    let lack = rectify(rescaled(x, by: -1, plus: most, suffix: "shift"), maxValue: bound(most - least), suffix: "clip")
    return rescaled(lack, by: -1, plus: most, suffix: suffix)
  }

  /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
  fileprivate mutating func approximateGELU(_ x: Value, suffix: String?) -> Value {
    let cube = join("Multiply", [x, x, x], suffix: "cube")
    let sum = join("Add", [x, rescaled(cube, by: 0.044_715, suffix: "cube_scale")], suffix: "sum")
    let tanh = apply("tanh", rescaled(sum, by: 0.797_884_56, suffix: "sum_scale"), suffix: "tanh")
    return join("Multiply", [x, rescaled(tanh, by: 0.5, plus: 0.5, suffix: "gate")], suffix: suffix)
  }
}
