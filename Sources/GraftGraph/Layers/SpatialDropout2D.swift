import GraftTensors

/// In training, sets whole channels to zero, each with probability `rate`, and divides the others by 1 − `rate`; otherwise
/// the identity. Source: Tompson et al., arXiv:1411.4280.
public struct SpatialDropout2D: Layer {
  public static let kind = "SpatialDropout2D"
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
    return try featureMap(inputs)
  }

  /// None at inference.
  public func elementOperations(for inputs: [Shape]) throws(GraphError) -> Int { 0 }
}
