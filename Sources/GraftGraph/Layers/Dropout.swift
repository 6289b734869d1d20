import GraftTensors

/// In training, sets each element to zero with probability `rate` and divides the others by 1 − `rate`; otherwise the
/// identity. Source: Srivastava et al., JMLR 15 (2014).
public struct Dropout: Layer {
  public static let kind = "Dropout"
  public var name: String
  public var rate: Float

  public init(_ name: String, rate: Float) {
    self.name = name
    self.rate = rate
  }

  public var isStochastic: Bool { rate > 0 }

  public func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape {
    guard rate >= 0, rate < 1 else {
      throw .invalidOption(
        layer: name, kind: Self.kind, option: "rate", expected: "0 or more and less than 1", found: "\(rate)")
    }
    return try single(inputs)
  }

  /// None at inference.
  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
