import GraftTensors

/// What a layer says of a tensor that it needs: name, shape, and how a fresh one is drawn.
public struct ParameterSpecification: Hashable, Sendable {
  /// What the tensor does in its layer.
  public enum Role: String, Hashable, Sendable, Codable {
    case kernel, bias
  }

  public enum Initializer: Hashable, Sendable {
    case zeros
    /// Uniform in ±√(6 / (fanIn + fanOut)); Glorot and Bengio (2010), Keras's default for kernels.
    case glorotUniform(fanIn: Int, fanOut: Int)
    /// Normal with variance 2 / fanIn, cut off at two standard deviations; He et al., arXiv:1502.01852.
    case heNormal(fanIn: Int)
  }

  public var layer: String
  public var role: Role
  /// Kernels are `[O, I / groups, H, W]` for convolutions and `[out, in]` for dense layers.
  public var shape: Shape
  public var initializer: Initializer

  public init(layer: String, role: Role, shape: Shape, initializer: Initializer) {
    self.layer = layer
    self.role = role
    self.shape = shape
    self.initializer = initializer
  }

  /// The tensor's name in `Parameters` and in saved models: `block1_conv1/kernel`.
  public var name: String { "\(layer)/\(role.rawValue)" }
}
