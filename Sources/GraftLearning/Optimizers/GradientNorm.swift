/// The Euclidean norm of many parameters' gradients together, summed in double precision.
public struct GradientNorm: Hashable, Sendable {
  private var sumOfSquares = 0.0

  public init() {}

  /// Takes in one parameter's gradient.
  public mutating func add(_ gradient: Span<Float>) {
    sumOfSquares += gradient.sumOfSquares
  }

  public var value: Double { sumOfSquares.squareRoot() }
}
