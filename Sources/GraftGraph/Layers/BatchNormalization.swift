import GraftTensors

/// Each channel shifted and scaled: γ · (x − mean) / √(variance + ε) + β; `[C, H, W]`, `[C, L]` or `[C]`, the
/// shape stays.
///
/// Mean and variance are the moving ones, or those of the batch, as the plan of a training says; inference always takes
/// the moving ones. Source: Ioffe and Szegedy, arXiv:1502.03167;
/// <https://keras.io/api/layers/normalization_layers/batch_normalization/>.
public struct BatchNormalization: Layer {
  /// Which estimate of a batch's variance moves the moving one. The batch itself is always normalised by the biased one.
  public enum MovingVariance: String, Hashable, Sendable, Codable {
    /// Σ(x − mean)² / n: Keras 3.
    case biased
    /// Σ(x − mean)² / (n − 1): PyTorch, and TensorFlow's fused kernel, which Keras 2 used.
    case unbiased
  }

  public static let kind = "BatchNormalization"
  public var name: String
  /// Added to the variance.
  public var epsilon: Float
  /// How much of the moving statistics a step keeps: moving = moving · momentum + batch · (1 − momentum), as in Keras.
  /// PyTorch's `momentum` is one less this.
  public var momentum: Float
  /// Whether there is a γ.
  public var usesScale: Bool
  /// Whether there is a β.
  public var usesShift: Bool
  public var movingVariance: MovingVariance

  public init(
    _ name: String, epsilon: Float = 1e-3, momentum: Float = 0.99, usesScale: Bool = true, usesShift: Bool = true,
    movingVariance: MovingVariance = .biased
  ) {
    self.name = name
    self.epsilon = epsilon
    self.momentum = momentum
    self.usesScale = usesScale
    self.usesShift = usesShift
    self.movingVariance = movingVariance
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard (1...3).contains(input.rank) else {
      throw .inputRank(
        layer: name, kind: Self.kind, expected: "a feature map [C, H, W], a sequence [C, L] or a vector [C]",
        found: input)
    }
    guard epsilon >= 0, epsilon.isFinite else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "epsilon", expected: "0 or more", found: "\(epsilon)")
    }
    guard momentum >= 0, momentum <= 1 else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "momentum", expected: "0 to 1", found: "\(momentum)")
    }
    return input
  }

  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    let channels: Shape = [try outputShape(of: inputs)[0]]
    func parameter(
      _ role: ParameterSpecification.Role, _ initializer: ParameterSpecification.Initializer
    ) -> ParameterSpecification {
      ParameterSpecification(layer: name, role: role, shape: channels, initializer: initializer)
    }
    return (usesScale ? [parameter(.gamma, .ones)] : []) + (usesShift ? [parameter(.beta, .zeros)] : [])
      + [parameter(.movingMean, .zeros), parameter(.movingVariance, .ones)]
  }
}
