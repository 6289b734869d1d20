import Foundation
import GraftLearning

/// Which rates a curve speaks for, and why; or why it speaks for none.
public struct LearningRateAdvice: Hashable, Sendable, Codable {
  public struct Suggestion: Hashable, Sendable, Codable {
    public enum Rule: String, Hashable, Sendable, Codable {
      /// Where the smoothed loss falls fastest over the logarithm of the rate.
      case steepest
      /// A tenth of the rate at which the smoothed loss was least: there it was about to rise.
      case tenthOfMinimum
      /// Within the longest fall of the smoothed loss (fastai's suggestion).
      case valley
    }

    public var rule: Rule
    public var rate: Double
    public var reason: String
  }

  /// The most cautious first; none where the curve does not fall.
  public var suggestions: [Suggestion]
  /// What the curve does not tell, in sentences.
  public var doubts: [String]

  public init(_ curve: LearningRateCurve) {
    suggestions = []
    doubts = []
    let points = curve.points.filter(\.smoothed.isFinite)
    // The mean has no past at first, and what follows the runaway has only that.
    let skipped = curve.points.count / 10
    guard points.count - skipped >= 8 else {
      doubts = [
        "the loss ran away within \(curve.points.count) steps: begin lower than \(Self.text(curve.settings.lowest)), "
          + "or take more steps"
      ]
      return
    }
    let looked = Array(points[skipped...])
    let (minimum, least) = Self.minimum(of: looked)
    let start = looked[0].smoothed
    let noise = Self.noise(of: points, smoothing: curve.settings.smoothing, first: skipped)
    guard start - least > max(noise, 0.02 * abs(start)) else {
      doubts = [
        "the smoothed loss falls by \(Self.text(max(start - least, 0))) at most, which is no more than its noise "
          + "(\(Self.text(noise))) or 2 %: no rate shows. Take larger batches or more steps, or see whether what trains can "
          + "learn the photographs at all"
      ]
      return
    }
    let steepest = Self.steepest(of: Array(looked[...minimum]))
    suggestions = [
      Suggestion(
        rule: .steepest, rate: steepest, reason: "here the smoothed loss falls fastest"),
      Suggestion(
        rule: .tenthOfMinimum, rate: looked[minimum].rate / 10,
        reason: "a tenth of \(Self.text(looked[minimum].rate)), where the smoothed loss is least (\(Self.text(least)))"),
    ]
    if let valley = Self.valley(of: curve) {
      suggestions.append(
        Suggestion(rule: .valley, rate: valley, reason: "the middle of the longest fall (fastai's valley)"))
    }
    suggestions.sort { $0.rate < $1.rate }
    if curve.ending == .highestRate {
      doubts.append(
        minimum >= looked.count - 2
          ? "the loss still falls at the highest rate, so greater ones may be better: test further up with --highest"
          : "the loss never ran away up to \(Self.text(curve.settings.highest)), so its minimum may be chance")
    }
    if let ratio = Self.ratio(suggestions), ratio > 30 {
      doubts.append(
        "the rules are \(Self.text(ratio)) times apart: the curve is no plain valley. Look at it, and begin with the lowest"
      )
    }
  }

  /// As fastai looks at it: without the first tenth of the steps planned and the last five made, up to the first loss that is no number.
  private static func valley(of curve: LearningRateCurve) -> Double? {
    let seen = curve.points.dropFirst(curve.settings.steps / 10).dropLast(5).prefix { !$0.smoothed.isNaN }
    guard seen.count >= 8 else { return nil }
    return seen[seen.startIndex + LongestValley.index(in: seen.map(\.smoothed))].rate
  }

  private static func minimum(of points: [LearningRateCurve.Point]) -> (index: Int, loss: Double) {
    var index = 0
    for other in points.indices where points[other].smoothed < points[index].smoothed { index = other }
    return (index, points[index].smoothed)
  }

  /// The rate between whose neighbours the loss falls most; rates are evenly spaced in their logarithm.
  private static func steepest(of points: [LearningRateCurve.Point]) -> Double {
    var (best, steepest) = (points[0].rate, Double.infinity)
    for index in points.indices.dropFirst().dropLast() {
      let slope = points[index + 1].smoothed - points[index - 1].smoothed
      if slope < steepest { (best, steepest) = (points[index].rate, slope) }
    }
    return best
  }

  /// How far the smoothed loss moves by chance: three standard deviations of it, by the first losses, where the rate moves nothing
  /// yet. A mean that forgets has the variance of one loss times (1 − β) / (1 + β), the first one looked at that of a plain mean.
  private static func noise(of points: [LearningRateCurve.Point], smoothing: Double, first skipped: Int) -> Double {
    let losses = points.prefix(max(5, points.count / 5)).map(\.loss)
    let mean = losses.reduce(0, +) / Double(losses.count)
    let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(losses.count - 1, 1))
    return 3
      * (variance * max((1 - smoothing) / (1 + smoothing), 1 / Double(skipped + 1) * (smoothing > 0 ? 1 : 0)))
      .squareRoot()
  }

  private static func ratio(_ suggestions: [Suggestion]) -> Double? {
    guard let first = suggestions.first, let last = suggestions.last, first.rate > 0 else { return nil }
    return last.rate / first.rate
  }

  private static func text(_ value: Double) -> String { String(format: "%.2g", value) }
}
