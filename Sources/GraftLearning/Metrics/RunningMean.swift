/// The mean of numbers that arrive in batches, each sample counting once however the batches are cut.
public struct RunningMean: Hashable, Sendable, Codable {
  /// The sum so far. Double, so that a hundred thousand samples do not wear it down.
  public private(set) var sum: Double = 0
  /// The number of samples so far.
  public private(set) var count = 0

  public init() {}

  /// Takes in one number a sample: a batch's losses.
  public mutating func add(_ values: [Float]) {
    for value in values { sum += Double(value) }
    count += values.count
  }

  /// Takes in the mean of a batch of `count` samples.
  public mutating func add(mean: Float, count: Int) {
    sum += Double(mean) * Double(count)
    self.count += count
  }

  /// The mean over all samples; nil before the first.
  public var value: Double? { count == 0 ? nil : sum / Double(count) }
}
