extension Activation {
  /// What an activation computes of a number x, or of all channels together. The formulas are Keras 3's.
  public enum Function: Hashable, Sendable {
    case linear
    /// max(x, 0).
    case relu
    /// `maxValue` from there on; x above `threshold`; `negativeSlope` · (x − `threshold`) otherwise.
    case generalReLU(maxValue: Float?, negativeSlope: Float, threshold: Float)
    /// x within 0 … 6.
    case relu6
    /// x above 0, `slope` · x otherwise. Keras's layer has 0.3, its function and PyTorch's 0.2 and 0.01.
    case leakyReLU(slope: Float)
    /// x above 0, `alpha` · (eˣ − 1) otherwise.
    case elu(alpha: Float = 1)
    /// An ELU whose constants keep mean and variance; Klambauer et al., arXiv:1706.02515.
    case selu
    /// x · Φ(x), by the error function, or approximately by tanh; Hendrycks and Gimpel, arXiv:1606.08415.
    case gelu(approximate: Bool)
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    /// `slope` · x + `offset`, within 0 … 1. Keras 3 has a slope of 1/6; Keras 1 and 2, and ONNX by default, 0.2.
    case hardSigmoid(slope: Float = 1 / 6, offset: Float = 0.5)
    case tanh
    /// log(1 + eˣ).
    case softplus
    /// x / (1 + |x|).
    case softsign
    /// x · sigmoid(x), also called SiLU.
    case swish
    /// x · hardSigmoid(x) with a slope of 1/6.
    case hardSwish
    /// eˣ.
    case exponential
    /// x above `theta`, 0 otherwise.
    case thresholdedReLU(theta: Float = 1)
    /// x within `min` … `max`.
    case clip(min: Float, max: Float)
    /// x · tanh(softplus(x)); Misra, arXiv:1908.08681.
    case mish
    /// log(sigmoid(x)).
    case logSigmoid
    /// x above 0, `alpha` · (e^(x/`alpha`) − 1) otherwise.
    case celu(alpha: Float = 1)
    /// x beyond ±`lambda`, 0 within.
    case hardShrink(lambda: Float = 0.5)
    /// x brought `lambda` nearer to 0, and 0 within ±`lambda`.
    case softShrink(lambda: Float = 0.5)
    /// x − tanh(x).
    case tanhShrink
    /// |x|.
    case absolute
    /// √x.
    case squareRoot
    /// x².
    case square
    /// log x, natural.
    case logarithm
    /// x to the power `exponent`.
    case power(exponent: Float)
    /// Over the channels: exp(xᵢ) / Σ exp(xⱼ).
    case softmax
    /// The logarithm of softmax.
    case logSoftmax

    /// Keras's `ReLU` layer, as the simplest function that it comes to.
    public static func relu(maxValue: Float? = nil, negativeSlope: Float = 0, threshold: Float = 0) -> Function {
      switch (maxValue, negativeSlope, threshold) {
      case (nil, 0, 0): .relu
      case (6, 0, 0): .relu6
      case (nil, _, 0): .leakyReLU(slope: negativeSlope)
      default: .generalReLU(maxValue: maxValue, negativeSlope: negativeSlope, threshold: threshold)
      }
    }

    /// Whether the function rectifies, so that He's initial kernels suit the layer before it.
    var isRectifier: Bool {
      switch self {
      case .relu, .relu6, .generalReLU, .leakyReLU, .thresholdedReLU: true
      default: false
      }
    }
  }
}

/// A function without options is saved as its name, Keras's; one with options as an object that holds them too.
extension Activation.Function: Codable {
  private enum Key: String, CodingKey {
    case function, maxValue, negativeSlope, threshold, slope, alpha, offset, theta, min, max, lambda, exponent
  }

  private static let withoutOptions: [String: Self] = [
    "linear": .linear, "relu": .relu, "relu6": .relu6, "selu": .selu, "gelu": .gelu(approximate: false),
    "gelu_tanh": .gelu(approximate: true), "sigmoid": .sigmoid, "tanh": .tanh, "softplus": .softplus,
    "softsign": .softsign, "silu": .swish, "hard_silu": .hardSwish, "exponential": .exponential,
    "softmax": .softmax, "log_softmax": .logSoftmax, "mish": .mish, "log_sigmoid": .logSigmoid,
    "tanh_shrink": .tanhShrink, "abs": .absolute, "sqrt": .squareRoot, "square": .square, "log": .logarithm,
  ]

  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let function = Self.withoutOptions[name] else { throw Self.unknown(name, decoder) }
      self = function
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Float { try container.decode(Float.self, forKey: key) }
    let name = try container.decode(String.self, forKey: .function)
    switch name {
    case "relu":
      self = try .generalReLU(
        maxValue: container.decodeIfPresent(Float.self, forKey: .maxValue), negativeSlope: number(.negativeSlope),
        threshold: number(.threshold))
    case "leaky_relu": self = try .leakyReLU(slope: number(.slope))
    case "elu": self = try .elu(alpha: number(.alpha))
    case "hard_sigmoid": self = try .hardSigmoid(slope: number(.slope), offset: number(.offset))
    case "thresholded_relu": self = try .thresholdedReLU(theta: number(.theta))
    case "clip": self = try .clip(min: number(.min), max: number(.max))
    case "celu": self = try .celu(alpha: number(.alpha))
    case "hard_shrink": self = try .hardShrink(lambda: number(.lambda))
    case "soft_shrink": self = try .softShrink(lambda: number(.lambda))
    case "power": self = try .power(exponent: number(.exponent))
    default: throw Self.unknown(name, decoder)
    }
  }

  private static func unknown(_ name: String, _ decoder: any Decoder) -> DecodingError {
    .dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "there is no activation function “\(name)”"))
  }

  public func encode(to encoder: any Encoder) throws {
    if let name = Self.withoutOptions.first(where: { $0.value == self })?.key {
      var container = encoder.singleValueContainer()
      return try container.encode(name)
    }
    var container = encoder.container(keyedBy: Key.self)
    func put(_ name: String, _ numbers: [Key: Float?]) throws {
      try container.encode(name, forKey: .function)
      for (key, number) in numbers { try container.encodeIfPresent(number, forKey: key) }
    }
    switch self {
    case .generalReLU(let maxValue, let negativeSlope, let threshold):
      try put("relu", [.maxValue: maxValue, .negativeSlope: negativeSlope, .threshold: threshold])
    case .leakyReLU(let slope): try put("leaky_relu", [.slope: slope])
    case .elu(let alpha): try put("elu", [.alpha: alpha])
    case .hardSigmoid(let slope, let offset): try put("hard_sigmoid", [.slope: slope, .offset: offset])
    case .thresholdedReLU(let theta): try put("thresholded_relu", [.theta: theta])
    case .clip(let min, let max): try put("clip", [.min: min, .max: max])
    case .celu(let alpha): try put("celu", [.alpha: alpha])
    case .hardShrink(let lambda): try put("hard_shrink", [.lambda: lambda])
    case .softShrink(let lambda): try put("soft_shrink", [.lambda: lambda])
    case .power(let exponent): try put("power", [.exponent: exponent])
    default: break
    }
  }
}
