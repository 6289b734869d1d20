import GraftTensors

/// A feature map enlarged by whole factors: `[C, H, W]` → `[C, H · factors.height, W · factors.width]`.
///
/// Source: <https://keras.io/api/layers/reshaping_layers/up_sampling2d/>.
public struct UpSampling2D: Layer {
  public enum Interpolation: String, Hashable, Sendable, Codable {
    case nearest
    /// Between the centres of pixels, the outermost continued beyond the edge.
    case bilinear
  }

  public static let kind = "UpSampling2D"
  public var name: String
  public var factors: Size2D
  public var interpolation: Interpolation

  public init(_ name: String, factors: Size2D = 2, interpolation: Interpolation = .nearest) {
    self.name = name
    self.factors = factors
    self.interpolation = interpolation
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    guard factors.height > 0, factors.width > 0 else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "factors", expected: "at least 1×1", found: "\(factors)")
    }
    return [
      input[0], [input[1], factors.height].saturatingProduct, [input[2], factors.width].saturatingProduct,
    ]
  }
}
