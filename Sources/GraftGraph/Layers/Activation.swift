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
    try single(inputs)
  }
}
