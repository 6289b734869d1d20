import Foundation
import GraftTensors

extension SeededGenerator {
  /// From Beta(α, α): X/(X + Y) of two Gamma(α, 1), by their logarithms, which a small α does not carry off to zero.
  ///
  /// - Precondition: `alpha` is more than 0.
  mutating func nextBeta(_ alpha: Double) -> Double {
    let (x, y) = (nextLogGamma(alpha), nextLogGamma(alpha))
    return 1 / (1 + exp(y - x))
  }

  /// The logarithm of a number from Gamma(shape, 1): Marsaglia and Tsang, “A simple method for generating gamma variables”
  /// (2000), for shape + 1, times U^(1/shape), their way to shapes below 1.
  private mutating func nextLogGamma(_ shape: Double) -> Double {
    let d = shape + 1 - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = nextNormal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      guard v > 0, log(nextPositive()) < x * x / 2 + d - d * v + d * log(v) else { continue }
      return log(d * v) + log(nextPositive()) / shape
    }
  }

  /// Box and Muller.
  private mutating func nextNormal() -> Double {
    (-2 * log(nextPositive())).squareRoot() * cos(2 * .pi * nextPositive())
  }

  /// More than 0, at most 1, with 53 random bits.
  private mutating func nextPositive() -> Double { (Double(next() >> 11) + 1) * 0x1p-53 }
}
