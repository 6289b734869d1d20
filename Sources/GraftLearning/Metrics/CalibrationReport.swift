/// Whether a classifier that says 80 % is right in 80 % of such cases.
public struct CalibrationReport: Hashable, Sendable, Codable {
  /// Samples whose confidence, the probability of the class they were taken for, lies in one range.
  public struct Bin: Hashable, Sendable, Codable {
    /// Confidences above this, and those of 0 in the first bin …
    public let lower: Double
    /// … up to and with this.
    public let upper: Double
    public let weight: Double
    /// The mean confidence; nil in an empty bin.
    public let confidence: Double?
    /// The share of samples taken for their class; nil in an empty bin.
    public let accuracy: Double?
  }

  struct Guess {
    let confidence: Double
    let isRight: Bool
    let weight: Double
  }

  /// All of one width, from 0 to 1.
  public let bins: [Bin]
  /// The expected calibration error (Guo et al., 2017): the mean over the samples of the distance between their bin's confidence and
  /// accuracy.
  public let expectedError: Double
  /// The largest of the bins' distances.
  public let largestError: Double

  /// Nil without weight.
  init?(_ guesses: [Guess], bins count: Int = 15) {
    let total = guesses.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    var sums = [(weight: Double, confidence: Double, right: Double)](repeating: (0, 0, 0), count: count)
    for guess in guesses {
      let place = (guess.confidence * Double(count)).rounded(.up) - 1
      let bin = Int(min(max(place, 0), Double(count - 1)))
      sums[bin].weight += guess.weight
      sums[bin].confidence += guess.weight * guess.confidence
      if guess.isRight { sums[bin].right += guess.weight }
    }
    let distances = sums.map { ($0.confidence - $0.right).magnitude }
    expectedError = distances.reduce(0, +) / total
    largestError = zip(sums, distances).map { $0.weight > 0 ? $1 / $0.weight : 0 }.reduce(0, max)
    bins = sums.enumerated().map { index, sum in
      Bin(
        lower: Double(index) / Double(count), upper: Double(index + 1) / Double(count), weight: sum.weight,
        confidence: sum.weight > 0 ? sum.confidence / sum.weight : nil,
        accuracy: sum.weight > 0 ? sum.right / sum.weight : nil)
    }
  }
}
