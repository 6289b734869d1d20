import Foundation

/// Whether two classifiers differ, by the same samples: only those count that one of them has right and the other wrong.
///
/// The exact test, two-sided: if neither were better, each such sample would be a toss of a coin.
public struct McNemarTest: Hashable, Sendable, Codable {
  /// Samples that only the first has right, and only the second.
  public let onlyFirst, onlySecond: Int
  /// How probable it is that a coin falls so unevenly, or more so: 0…1.
  public let pValue: Double

  /// - Precondition: neither count is negative.
  public init(onlyFirst: Int, onlySecond: Int) {
    precondition(onlyFirst >= 0 && onlySecond >= 0, "\(onlyFirst) and \(onlySecond) samples")
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    let tosses = onlyFirst + onlySecond
    let logarithmOfAll = lgamma(Double(tosses) + 1) - Double(tosses) * log(2)
    let tail = (0...min(onlyFirst, onlySecond)).reduce(0.0) { sum, heads in
      sum + exp(logarithmOfAll - lgamma(Double(heads) + 1) - lgamma(Double(tosses - heads) + 1))
    }
    // Both tails hold the middle where the tosses are even.
    pValue = min(1, 2 * tail)
  }

  /// Whether chance alone would do this in less than 5 of 100 cases.
  public var isSignificant: Bool { pValue < 0.05 }
}
