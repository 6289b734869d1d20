import Foundation

/// Finds the minimum of a smooth function of many numbers: limited-memory BFGS with a strong-Wolfe line search.
///
/// Nocedal and Wright, *Numerical Optimization* (2006), algorithms 7.4, 7.5, 3.5 and 3.6.
public struct LBFGS: Hashable, Sendable, Codable {
  /// How many steps are remembered.
  public var memory = 10
  /// It ends where no component of the gradient is larger.
  public var gradientTolerance = 1e-8
  public var maximumIterations = 1000

  public init() {}

  public enum Ending: String, Hashable, Sendable, Codable {
    /// The gradient is as small as asked for.
    case gradient
    /// No step lowers the function any more: arithmetic has no more digits.
    case precision
    case iterations
  }

  public struct Minimum: Hashable, Sendable {
    public let point: [Double]
    public let value: Double
    /// The largest component of the gradient there, without its sign.
    public let gradientNorm: Double
    public let iterations: Int
    /// How often the function was evaluated.
    public let evaluations: Int
    public let ending: Ending
  }

  /// One point and what the function says there.
  struct Position {
    var point: [Double]
    var value: Double
    var gradient: [Double]

    var gradientNorm: Double { gradient.reduce(0) { max($0, $1.magnitude) } }
    var isFinite: Bool { value.isFinite && gradientNorm.isFinite }
  }

  /// - Parameters:
  ///   - start: where to begin.
  ///   - preconditioner: multiplies a gradient by an approximation of the inverse Hessian, in place; without one, a multiple
  ///     of the identity is used.
  ///   - progress: is called before each iteration with its number and the value; throws to stop.
  ///   - function: its value at a point, and its gradient, written into the second argument, which comes in as zeros.
  /// - Throws: what `progress` or `function` throw.
  public func minimize(
    from start: [Double], preconditioner: ((inout [Double]) -> Void)? = nil,
    progress: (_ iteration: Int, _ value: Double) throws -> Void = { _, _ in },
    _ function: (_ point: [Double], _ gradient: inout [Double]) throws -> Double
  ) throws -> Minimum {
    var evaluations = 0
    func evaluate(_ point: [Double]) throws -> Position {
      evaluations += 1
      var gradient = [Double](repeating: 0, count: point.count)
      let value = try function(point, &gradient)
      return Position(point: point, value: value, gradient: gradient)
    }

    var position = try evaluate(start)
    var history = StepHistory(limit: memory)
    var (iteration, ending) = (0, Ending.iterations)
    while true {
      try progress(iteration, position.value)
      if position.gradientNorm <= gradientTolerance {
        ending = .gradient
        break
      }
      if iteration == maximumIterations || !position.isFinite { break }
      var direction = history.direction(against: position.gradient, preconditioner: preconditioner)
      var slope = LinearAlgebra.dot(direction, position.gradient)
      if !(slope < 0) {
        history.forget()
        direction = history.direction(against: position.gradient, preconditioner: preconditioner)
        slope = LinearAlgebra.dot(direction, position.gradient)
      }
      // Without any idea of the curvature the first step is a short one.
      let isBlind = history.isEmpty && preconditioner == nil
      let step = isBlind ? min(1, 1 / position.gradientNorm) : 1
      let search = LineSearch(from: position, along: direction, slope: slope)
      if let next = try search.run(firstStep: step, evaluate: evaluate) {
        history.add(from: position, to: next)
        position = next
      } else if history.isEmpty {
        ending = .precision
        break
      } else {
        history.forget()
      }
      iteration += 1
    }
    return Minimum(
      point: position.point, value: position.value, gradientNorm: position.gradientNorm, iterations: iteration,
      evaluations: evaluations, ending: ending)
  }
}

/// The last steps and how the gradient changed along them.
private struct StepHistory {
  let limit: Int
  private var steps: [(step: [Double], change: [Double], product: Double)] = []

  init(limit: Int) { self.limit = max(limit, 1) }

  var isEmpty: Bool { steps.isEmpty }

  mutating func forget() { steps = [] }

  mutating func add(from old: LBFGS.Position, to new: LBFGS.Position) {
    var (step, change) = (new.point, new.gradient)
    LinearAlgebra.add(-1, old.point, to: &step)
    LinearAlgebra.add(-1, old.gradient, to: &change)
    let product = LinearAlgebra.dot(step, change)
    // Rounding can turn the curvature of a tiny step negative, and the approximation with it.
    guard product > 1e-10 * LinearAlgebra.dot(change, change).squareRoot() * LinearAlgebra.dot(step, step).squareRoot()
    else { return }
    if steps.count == limit { steps.removeFirst() }
    steps.append((step, change, product))
  }

  /// Algorithm 7.4: the approximated inverse Hessian times minus the gradient.
  func direction(against gradient: [Double], preconditioner: ((inout [Double]) -> Void)?) -> [Double] {
    var result = gradient
    var shares: [Double] = []
    for (step, change, product) in steps.reversed() {
      let share = LinearAlgebra.dot(step, result) / product
      LinearAlgebra.add(-share, change, to: &result)
      shares.append(share)
    }
    if let preconditioner {
      preconditioner(&result)
    } else if let last = steps.last {
      let scale = last.product / LinearAlgebra.dot(last.change, last.change)
      for index in result.indices { result[index] *= scale }
    }
    for ((step, change, product), share) in zip(steps, shares.reversed()) {
      let other = LinearAlgebra.dot(change, result) / product
      LinearAlgebra.add(share - other, step, to: &result)
    }
    for index in result.indices { result[index] = -result[index] }
    return result
  }
}
