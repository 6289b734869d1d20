import GraftTensors

/// A feature map without its margins: `[C, H, W]` → `[C, H − top − bottom, W − left − right]`.
///
/// Source: <https://keras.io/api/layers/reshaping_layers/cropping2d/>.
public struct Cropping2D: Layer {
  public static let kind = "Cropping2D"
  public var name: String
  public var top, bottom, left, right: Int

  public init(_ name: String, top: Int, bottom: Int, left: Int, right: Int) {
    self.name = name
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    let input = try featureMap(inputs)
    guard min(top, bottom, left, right) >= 0, top < input[1], bottom < input[1] - top, left < input[2],
      right < input[2] - left
    else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "cropping",
        expected: "no negative number, and less than the \(input[1])×\(input[2]) of its input",
        found: "\(top), \(bottom), \(left), \(right)")
    }
    return [input[0], input[1] - top - bottom, input[2] - left - right]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
