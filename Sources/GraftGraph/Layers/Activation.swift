import GraftTensors

/// A function of each element, or of the channels together for softmax; the shape stays.
public struct Activation: Layer {
  public static let kind = "Activation"
  public var name: String
  public var function: Function

  public init(_ name: String, _ function: Function) {
    self.name = name
    self.function = function
  }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    if case .celu(let alpha) = function, !(alpha > 0) {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "alpha", expected: "a number above 0", found: "\(alpha)")
    }
    return try single(inputs)
  }
}
