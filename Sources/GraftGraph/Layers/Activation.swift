import GraftTensors

/// A function of each element, or of the channels together for softmax; the shape stays.
public struct Activation: Layer {
  /// Raw values are Keras's names.
  public enum Function: String, Hashable, Sendable, Codable {
    case linear
    case relu
    /// Over the channels: exp(xᵢ) / Σ exp(xⱼ).
    case softmax
  }

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
