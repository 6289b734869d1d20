import GraftTensors

/// Where images, or the activations of a frozen prefix, enter the graph.
public struct InputLayer: Layer {
  public static let kind = "InputLayer"
  public var name: String
  /// One image: `[C, H, W]`.
  public var shape: Shape

  public init(_ name: String, shape: Shape) {
    self.name = name
    self.shape = shape
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard inputs.isEmpty else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "no input", found: inputs.count)
    }
    guard shape.rank > 0, shape.dimensions.allSatisfy({ $0 > 0 }) else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "shape", expected: "positive dimensions", found: "\(shape)")
    }
    return shape
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
