import Foundation
import Testing

@testable import GraftTraining

/// What is made of curves whose shape is known.
@Suite struct LearningRateAdviceTests {
  /// A curve of a hundred steps from 1e-6 to 1, unless it ends before, without smoothing.
  private func curve(_ loss: (Double) -> Double) -> LearningRateCurve {
    let settings = LearningRateFinder.Settings(lowest: 1e-6, highest: 1, smoothing: 0)
    var curve = LearningRateCurve(settings)
    while !curve.hasEnded {
      let rate = settings.rate(of: curve.points.count)
      curve.add(loss: loss(log10(rate)), rate: rate)
    }
    return curve
  }

  @Test func `of a smooth valley the rules find what calculus finds`() {
    // Steepest where the logistic is halfway, at 1e-3; least where the cubic begins, at about 0.03.
    let advice = LearningRateAdvice(
      curve { 2 - 1.5 / (1 + exp(-6 * ($0 + 3))) + ($0 > -1.5 ? 40 * pow($0 + 1.5, 3) : 0) })
    let rates = Dictionary(uniqueKeysWithValues: advice.suggestions.map { ($0.rule, $0.rate) })
    #expect(abs(log10(rates[.steepest] ?? 0) + 3) < 0.1)
    #expect(abs(log10(rates[.tenthOfMinimum] ?? 0) + 2.5) < 0.15)
    // From where the loss falls at all to where it begins to rise: well before its least.
    #expect((1e-5...1e-2).contains(rates[.valley] ?? 0), "\(rates)")
    #expect(advice.doubts.isEmpty)
  }

  @Test func `a flat curve suggests nothing, and says why`() {
    let advice = LearningRateAdvice(curve { 0.69 + 0.01 * sin(50 * $0) })
    #expect(advice.suggestions.isEmpty)
    #expect(advice.doubts.first?.contains("no rate shows") == true)
  }

  @Test func `a curve that runs away at once asks for lower rates`() {
    let advice = LearningRateAdvice(curve { $0 < -5.8 ? 1 : 100 })
    #expect(advice.suggestions.isEmpty && advice.doubts.first?.contains("begin lower") == true)
  }

  @Test func `a curve that still falls at the end says so`() {
    let advice = LearningRateAdvice(curve { 2 - 0.2 * ($0 + 6) })
    #expect(advice.suggestions.count == 3)
    #expect(advice.doubts.contains { $0.contains("--highest") })
  }

  @Test func `a loss that is no number ends the curve, and what came before counts`() {
    let curve = curve { $0 > -1 ? .nan : 2 - 1.5 / (1 + exp(-6 * ($0 + 3))) }
    #expect(curve.ending == .diverged)
    #expect(LearningRateAdvice(curve).suggestions.count == 3)
  }

  /// The formula of fastai's, by hand.
  @Test func `smoothing forgets exponentially and gives back what zero took`() {
    var curve = LearningRateCurve(.init(steps: 10, smoothing: 0.5))
    for (loss, expected) in [(1.0, 1.0), (0, 1.0 / 3), (2, 9.0 / 7)] {
      curve.add(loss: loss, rate: 1)
      #expect(abs((curve.points.last?.smoothed ?? 0) - expected) < 1e-12)
    }
  }

  @Test func `a curve survives its JSON`() throws {
    let curve = curve { 2 - 0.2 * ($0 + 6) }
    let copy = try JSONDecoder().decode(LearningRateCurve.self, from: JSONEncoder().encode(curve))
    #expect(copy.points == curve.points && copy.ending == curve.ending && copy.settings == curve.settings)
  }
}
