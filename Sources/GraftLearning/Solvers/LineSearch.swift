import Foundation

/// Looks along a direction for a point that is lower and flatter: the strong Wolfe conditions.
///
/// Nocedal and Wright, *Numerical Optimization* (2006), algorithms 3.5 (bracketing) and 3.6 (zooming in), with cubic
/// interpolation.
struct LineSearch {
  let start: LBFGS.Position
  let direction: [Double]
  /// The function's slope at the start, along the direction: negative.
  let slope: Double
  private let decrease = 1e-4
  private let flattening = 0.9
  private let trials = 25

  init(from start: LBFGS.Position, along direction: [Double], slope: Double) {
    self.start = start
    self.direction = direction
    self.slope = slope
  }

  private struct Trial {
    let step: Double
    let position: LBFGS.Position
    let slope: Double
  }

  /// The point found; nil where no step lowers the function by more than rounding.
  func run(
    firstStep: Double, evaluate: ([Double]) throws -> LBFGS.Position
  ) throws -> LBFGS.Position? {
    guard slope < 0 else { return nil }
    func trial(_ step: Double) throws -> Trial {
      var point = start.point
      LinearAlgebra.add(step, direction, to: &point)
      let position = try evaluate(point)
      return Trial(step: step, position: position, slope: LinearAlgebra.dot(position.gradient, direction))
    }
    var previous = Trial(step: 0, position: start, slope: slope)
    var step = firstStep
    for number in 0..<trials {
      let current = try trial(step)
      guard current.position.isFinite, current.slope.isFinite else {
        // Beyond where the function can be computed: come back.
        step = (previous.step + step) / 2
        continue
      }
      if !isLower(current)
        || (number > 0 && current.position.value >= previous.position.value && !isNegligible(current))
      {
        return try zoom(previous, current, trial)
      }
      if current.slope.magnitude <= -flattening * slope { return current.position }
      if current.slope >= 0 { return try zoom(current, previous, trial) }
      previous = current
      step *= 2.5
    }
    return previous.step > 0 ? previous.position : nil
  }

  /// - Parameters:
  ///   - first: the better end of the bracket.
  ///   - second: its other end.
  private func zoom(_ first: Trial, _ second: Trial, _ trial: (Double) throws -> Trial) throws -> LBFGS.Position? {
    var (low, high) = (first, second)
    for _ in 0..<trials {
      let current = try trial(interpolated(low, high))
      if !current.position.isFinite || !isLower(current)
        || (current.position.value >= low.position.value && !isNegligible(current))
      {
        high = current
      } else {
        if current.slope.magnitude <= -flattening * slope { return current.position }
        if current.slope * (high.step - low.step) >= 0 { high = low }
        low = current
      }
      if (high.step - low.step).magnitude < 1e-14 * max(1, low.step) { break }
    }
    return low.step > 0 && low.position.value <= start.value ? low.position : nil
  }

  /// Sufficient decrease. Where the values differ by no more than rounding, the slope decides in their stead (Hager and
  /// Zhang, 2005): near the minimum a gradient has digits left when the value has none.
  private func isLower(_ trial: Trial) -> Bool {
    if trial.position.value <= start.value + decrease * trial.step * slope { return true }
    return isNegligible(trial) && trial.slope <= (2 * decrease - 1) * slope
  }

  private func isNegligible(_ trial: Trial) -> Bool {
    (trial.position.value - start.value).magnitude <= 1e-10 * max(start.value.magnitude, 1e-300)
  }

  /// The minimum of the cubic through both ends, kept away from them; the middle where there is none.
  private func interpolated(_ low: Trial, _ high: Trial) -> Double {
    let width = high.step - low.step
    let middle = low.step + width / 2
    guard high.position.isFinite else { return middle }
    let sum = low.slope + high.slope - 3 * (low.position.value - high.position.value) / (low.step - high.step)
    let square = sum * sum - low.slope * high.slope
    guard square >= 0 else { return middle }
    let root = width > 0 ? square.squareRoot() : -square.squareRoot()
    let step = high.step - width * (high.slope + root - sum) / (high.slope - low.slope + 2 * root)
    let share = (step - low.step) / width
    return share.isFinite && share > 0.05 && share < 0.95 ? step : middle
  }
}
