import Foundation
import GraftTensors

/// Between which two numbers a measured one probably lies in truth.
public struct ConfidenceInterval: Hashable, Sendable, Codable {
  public let lower: Double
  public let upper: Double
  /// How probably: 0.95.
  public let level: Double

  /// Wilson's interval (1927) for a share, such as an accuracy; holds for few samples and near 0 and 1, too.
  ///
  /// - Parameters:
  ///   - successes: how many were right; may be a sum of weights.
  ///   - count: of how many.
  ///   - level: above 0 and below 1.
  /// - Returns: nil without samples, or with a level out of range.
  public static func wilson(successes: Double, count: Double, level: Double = 0.95) -> ConfidenceInterval? {
    guard count > 0, level > 0, level < 1 else { return nil }
    let (share, z) = (successes / count, normalQuantile((1 + level) / 2))
    let square = z * z / count
    let centre = (share + square / 2) / (1 + square)
    let half = z / (1 + square) * (share * (1 - share) / count + square / (4 * count)).squareRoot()
    return ConfidenceInterval(lower: max(centre - half, 0), upper: min(centre + half, 1), level: level)
  }

  /// The bootstrap's percentile interval (Efron, 1979) of any number that samples give.
  ///
  /// - Parameters:
  ///   - count: the number of samples.
  ///   - resamples: how often as many samples are drawn with replacement.
  ///   - level: above 0 and below 1.
  ///   - seed: of the draws.
  ///   - statistic: the number for the samples of these indices; nil where it is not defined for them. Is called on several threads.
  /// - Returns: nil without samples, or where the number is not defined for more than half of the draws.
  /// - Throws: `CancellationError` where the task is cancelled.
  public static func bootstrap(
    count: Int, resamples: Int = 1000, level: Double = 0.95, seed: UInt64,
    statistic: @escaping @Sendable (_ indices: [Int]) -> Double?
  ) throws -> ConfidenceInterval? {
    try bootstrap(of: 1, count: count, resamples: resamples, level: level, seed: seed) { [statistic($0)] }[0]
  }

  /// The same of several numbers at once, each by the same draws.
  ///
  /// - Parameters:
  ///   - numbers: how many numbers `statistics` gives.
  ///   - statistics: the numbers for the samples of these indices. Is called on several threads.
  /// - Returns: one for each number.
  public static func bootstrap(
    of numbers: Int, count: Int, resamples: Int = 1000, level: Double = 0.95, seed: UInt64,
    statistics: @escaping @Sendable (_ indices: [Int]) -> [Double?]
  ) throws -> [ConfidenceInterval?] {
    guard count > 0, resamples > 0, level > 0, level < 1 else {
      return [ConfidenceInterval?](repeating: nil, count: numbers)
    }
    let draws = try ConcurrentJobs.run(resamples) { number, _ -> [Double?] in
      var generator = SeededGenerator(seed: seed, stream: UInt64(number) + 0x626f_6f74_0000)
      return statistics((0..<count).map { _ in Int.random(in: 0..<count, using: &generator) })
    }
    return (0..<numbers).map { place in
      let values = draws.compactMap { $0[place] }.filter { !$0.isNaN }.sorted()
      guard values.count * 2 > resamples else { return nil }
      return ConfidenceInterval(
        lower: percentile((1 - level) / 2, of: values), upper: percentile((1 + level) / 2, of: values), level: level)
    }
  }

  /// Between the two nearest of sorted numbers, in proportion, as NumPy's default.
  private static func percentile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The number below which a standard normal variable lies with this probability.
  private static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    while high - low > 1e-13 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
