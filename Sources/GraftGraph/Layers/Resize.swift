import GraftTensors

/// A feature map brought to another height and width: `[C, H, W]` → `[C, H′, W′]`.
///
/// Enlargement by whole factors is `UpSampling2D`. Source: <https://onnx.ai/onnx/operators/onnx__Resize.html>.
public struct Resize: Layer {
  public enum Target: Hashable, Sendable, Codable {
    case size(Size2D)
    /// H′ = ⌊H · height⌋, W′ = ⌊W · width⌋.
    case factors(height: Double, width: Double)
  }

  public enum Interpolation: Hashable, Sendable, Codable {
    case nearest(Rounding)
    /// Between the four nearest elements, without antialiasing.
    case linear
  }

  /// Which element a position between two belongs to.
  public enum Rounding: String, Hashable, Sendable, Codable {
    case halfDown, halfUp, down, up
  }

  /// Where the element x′ of the output lies in the input. Scale is the factor where one is given, output over input
  /// otherwise; what lies beyond the outermost element counts as that. Computed in float32, as ONNX Runtime does.
  public enum Coordinates: String, Hashable, Sendable, Codable {
    /// (x′ + ½) / scale − ½.
    case halfPixel
    /// As `halfPixel`, but 0 where the output has one element.
    case pytorchHalfPixel
    /// x′ / scale.
    case asymmetric
    /// x′ · (input − 1) / (output − 1).
    case alignCorners
  }

  public static let kind = "Resize"
  public var name: String
  public var target: Target
  public var interpolation: Interpolation
  public var coordinates: Coordinates

  public init(_ name: String, to target: Target, interpolation: Interpolation, coordinates: Coordinates) {
    self.name = name
    self.target = target
    self.interpolation = interpolation
    self.coordinates = coordinates
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    let (height, width): (Double, Double)
    switch target {
    case .size(let size): (height, width) = (Double(size.height), Double(size.width))
    case .factors(let vertical, let horizontal):
      (height, width) = (Double(input[1]) * vertical, Double(input[2]) * horizontal)
    }
    // As comparisons, so that what is no number is refused too.
    guard height >= 1, width >= 1, height <= 0x1p28, width <= 0x1p28 else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "target", expected: "at least one element along each axis",
        found: "\(height)×\(width)")
    }
    return [input[0], Int(height), Int(width)]
  }
}
