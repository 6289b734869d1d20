import GraftTensors

/// A tensor of the network's own that feeds other layers: the same numbers for every image. No inputs → `shape`.
///
/// ONNX calls such tensors initializers; where one is added to an image or multiplied with it, and no layer takes it as its
/// bias or kernel, it stands in the graph by itself. The numbers are the parameter `name/value`, which no training changes.
public struct Constant: Layer {
  public static let kind = "Constant"
  public var name: String
  /// Without the batch.
  public var shape: Shape

  public init(_ name: String, shape: Shape) {
    self.name = name
    self.shape = shape
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard inputs.isEmpty else {
      throw .inputCount(layer: name, kind: Self.kind, expected: "no input", found: inputs.count)
    }
    guard shape.dimensions.allSatisfy({ $0 > 0 }) else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "shape", expected: "at least 1 along each axis", found: "\(shape)")
    }
    return shape
  }

  public func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    [ParameterSpecification(layer: name, role: .value, shape: shape, initializer: .zeros)]
  }

  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
