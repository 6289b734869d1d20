import GraftTensors

/// What a layer says of a tensor that it needs: name, shape, and how a fresh one is drawn.
public struct ParameterSpecification: Hashable, Sendable {
  /// What the tensor does in its layer.
  public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case kernel, bias
    case gamma, beta
    case movingMean = "moving_mean"
    case movingVariance = "moving_variance"
    case alpha
    case depthwiseKernel = "depthwise_kernel"
    case pointwiseKernel = "pointwise_kernel"
    /// Of a `Constant`.
    case value

    /// Whether the tensor multiplies activations across positions or channels: what weight decay is meant for.
    public var isKernel: Bool { self == .kernel || self == .depthwiseKernel || self == .pointwiseKernel }

    /// Whether the tensor records what passed through the layer.
    public var isStatistic: Bool { self == .movingMean || self == .movingVariance }
  }

  public enum Initializer: Hashable, Sendable {
    case zeros
    case ones
    case constant(Float)
    /// Normal around 0, cut off at two standard deviations.
    case normal(deviation: Float)
    /// Uniform in ±√(6 / (fanIn + fanOut)); Glorot and Bengio (2010), Keras's default for kernels.
    case glorotUniform(fanIn: Int, fanOut: Int)
    /// Normal with variance 2 / fanIn, cut off at two standard deviations; He et al., arXiv:1502.01852.
    case heNormal(fanIn: Int)
  }

  public var layer: String
  public var role: Role
  /// Kernels are `[O, I / groups, H, W]` for convolutions and `[out, in]` for dense layers.
  /// Depthwise ones are `[I · multiplier, 1, H, W]`, all outputs of one channel side by side.
  public var shape: Shape
  public var initializer: Initializer

  public init(layer: String, role: Role, shape: Shape, initializer: Initializer) {
    self.layer = layer
    self.role = role
    self.shape = shape
    self.initializer = initializer
  }

  /// Whether the tensor records what passed through the layer, and no gradient trains it.
  public var isStatistic: Bool { role.isStatistic }

  /// Whether a gradient may train the tensor.
  public var isTrainable: Bool { !isStatistic && role != .value }

  /// The tensor's name in `Parameters` and in saved models: `block1_conv1/kernel`.
  public var name: String { "\(layer)/\(role.rawValue)" }
}
