import GraftTensors

/// x above 0, α · x otherwise, with an α that trains; the shape stays. Source: He et al., arXiv:1502.01852;
/// <https://keras.io/api/layers/activation_layers/prelu/>.
public struct PReLU: Layer {
  public enum Axis: String, Hashable, Sendable, Codable {
    case channels, height, width
  }

  public static let kind = "PReLU"
  public var name: String
  /// Along these axes all elements have one α; with none, as Keras has by default, each element has its own.
  public var sharedAxes: [Axis]

  public init(_ name: String, sharedAxes: [Axis] = []) {
    self.name = name
    self.sharedAxes = sharedAxes
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try single(inputs)
    guard input.rank == 1 || input.rank == 3 else {
      throw .inputRank(
        layer: name, kind: Self.kind, expected: "a feature map [C, H, W] or a vector [C]", found: input)
    }
    return input
  }

  /// α, `[C, H, W]` or `[C]`, with 1 in place of each shared axis.
  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    var shape = try outputShape(of: inputs)
    for (axis, index) in [(Axis.channels, 0), (.height, 1), (.width, 2)]
    where index < shape.rank && sharedAxes.contains(axis) {
      shape[index] = 1
    }
    return [ParameterSpecification(layer: name, role: .alpha, shape: shape, initializer: .zeros)]
  }
}
