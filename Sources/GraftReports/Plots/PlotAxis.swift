import Foundation

/// One direction of a plot: what it shows, from where to where.
public struct PlotAxis: Hashable, Sendable {
  public enum Scale: Hashable, Sendable {
    case linear
    /// Base 10; numbers that are not positive have no place.
    case logarithmic
    /// Ticks at whole numbers only: epochs.
    case wholeNumbers
  }

  public var label: String
  public var scale: Scale
  /// The least and the greatest number shown; nil for those of the data, with some air.
  public var bounds: ClosedRange<Double>?

  public init(_ label: String, scale: Scale = .linear, bounds: ClosedRange<Double>? = nil) {
    self.label = label
    self.scale = scale
    self.bounds = bounds
  }
}

/// An axis that knows its data: where numbers lie on it, and where its ticks are.
struct FittedAxis {
  let axis: PlotAxis
  /// In the axis' own numbers.
  let bounds: ClosedRange<Double>
  let ticks: [Double]

  /// - Parameter count: about how many ticks there shall be.
  init(_ axis: PlotAxis, data: [Double], ticks count: Int) {
    self.axis = axis
    // What is beyond all measure, as a diverged loss may be, would leave nothing to be seen of the rest.
    let usable = data.filter { abs($0) < 1e30 && (axis.scale != .logarithmic || $0 > 0) }
    let found = axis.bounds ?? Self.bounds(of: usable, scale: axis.scale)
    switch axis.scale {
    case .linear:
      let step = Self.step(for: (found.upperBound - found.lowerBound) / Double(count))
      // Out to the next ticks, unless somebody said where to end.
      bounds =
        axis.bounds
        ?? (found.lowerBound / step).rounded(.down) * step...(found.upperBound / step).rounded(.up) * step
      ticks = Self.multiples(of: step, in: bounds)
    case .wholeNumbers:
      bounds = found
      let step = max(1, Self.step(for: (found.upperBound - found.lowerBound) / Double(count)).rounded(.up))
      var ticks = Self.multiples(of: step, in: bounds)
      // Epochs begin with 1: that is a better first tick than none.
      if step > 1, let first = ticks.first, first - found.lowerBound > step / 2 {
        ticks.insert(found.lowerBound, at: 0)
      }
      self.ticks = ticks
    case .logarithmic:
      bounds = found
      let decades = Int(log10(found.lowerBound).rounded(.down))...Int(log10(found.upperBound).rounded(.up))
      let every = max(1, (decades.count + count - 1) / count)
      let factors = decades.count <= 2 ? [1.0, 2, 5] : [1.0]
      ticks = decades.filter { $0 % every == 0 }.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
        .filter { found.contains($0) }
    }
  }

  /// 0 at the lower end, 1 at the upper; nil where the number has no place.
  func position(_ value: Double) -> Double? {
    guard value.isFinite, bounds.upperBound > bounds.lowerBound else { return nil }
    switch axis.scale {
    case .linear, .wholeNumbers:
      return (value - bounds.lowerBound) / (bounds.upperBound - bounds.lowerBound)
    case .logarithmic:
      guard value > 0 else { return nil }
      return log(value / bounds.lowerBound) / log(bounds.upperBound / bounds.lowerBound)
    }
  }

  /// What stands beside a tick.
  func label(_ tick: Double) -> String {
    if axis.scale == .logarithmic { return NumberText.short(tick) }
    let step = ticks.count > 1 ? ticks[ticks.count - 1] - ticks[ticks.count - 2] : 1
    if max(abs(bounds.lowerBound), abs(bounds.upperBound)) >= 1e6 || step < 1e-4 { return NumberText.short(tick) }
    return NumberText.fixed(tick, max(0, -Int(log10(step * 1.0001).rounded(.down))))
  }

  private static func bounds(of data: [Double], scale: PlotAxis.Scale) -> ClosedRange<Double> {
    guard let least = data.min(), let greatest = data.max() else { return scale == .logarithmic ? 1...10 : 0...1 }
    if greatest > least { return least...greatest }
    // One number alone: its distance from zero is all that there is to see.
    switch scale {
    case .logarithmic: return least / 2...least * 2
    case .wholeNumbers: return least - 0.5...least + 0.5
    case .linear: return least == 0 ? -1...1 : min(0, 2 * least)...max(0, 2 * least)
    }
  }

  /// 1, 2 or 5 times a power of ten, not below `least`.
  private static func step(for least: Double) -> Double {
    guard least > 0, least.isFinite else { return 1 }
    let power = pow(10, log10(least).rounded(.down))
    return ([1, 2, 5].first { $0 * power >= least * 0.9999 } ?? 10) * power
  }

  private static func multiples(of step: Double, in bounds: ClosedRange<Double>) -> [Double] {
    let first = Int((bounds.lowerBound / step - 1e-6).rounded(.up))
    let last = Int((bounds.upperBound / step + 1e-6).rounded(.down))
    guard first <= last else { return [] }
    return (first...last).map { Double($0) * step }
  }
}
