import GraftTensors

/// Zeros around a feature map: `[C, H, W]` → `[C, top + H + bottom, left + W + right]`.
public struct ZeroPadding2D: Layer {
  public static let kind = "ZeroPadding2D"
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
    try validate([top, bottom, left, right], as: "padding")
    return [input[0], top + input[1] + bottom, left + input[2] + right]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
