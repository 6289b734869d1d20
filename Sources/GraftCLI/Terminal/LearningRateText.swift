import Foundation
import Graft

/// A learning-rate curve for a terminal: some of its rows, and what they speak for.
struct LearningRateText {
  private let curve: LearningRateCurve
  private let advice: LearningRateAdvice

  init(_ curve: LearningRateCurve, _ advice: LearningRateAdvice) {
    self.curve = curve
    self.advice = advice
  }

  var lines: [String] { table + [""] + conclusions }

  /// Every fifth step or so, the last one always, each with a bar as long as its smoothed loss.
  private var table: [String] {
    let every = max(1, curve.points.count / 20)
    let shown = curve.points.indices.filter { $0 % every == 0 || $0 == curve.points.count - 1 }
    let finite = curve.points.map(\.smoothed).filter(\.isFinite)
    let start = finite.first ?? 1
    let longest = 1.5 * max(start, finite.min() ?? start)
    return [" step  rate       loss       smoothed"]
      + shown.map { index in
        let point = curve.points[index]
        let share = point.smoothed.isFinite && longest > 0 ? min(max(point.smoothed / longest, 0), 1) : 1
        return String(format: "%5d  %-9.3g  %-9.4g  %-9.4g", index + 1, point.rate, point.loss, point.smoothed)
          + " " + String(repeating: "▪", count: Int(24 * share))
      }
  }

  private var conclusions: [String] {
    var lines = advice.suggestions.map { String(format: "--lr %.2g: ", $0.rate) + $0.reason }
    if lines.isEmpty { lines.append("no rate can be suggested") }
    return lines + advice.doubts.map { "note: " + $0 }
  }
}
