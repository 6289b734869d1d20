/// Minimises a `LogisticProblem` on some of its rows.
///
/// The Hessian is close to `h · XᵀX + penalty`, with `h` the mean of `p (1 − p)`; its Cholesky factor as preconditioner takes
/// L-BFGS to the solution in some tens of iterations however the features are scaled. One factor serves every fold, since
/// it only has to be close.
struct LogisticSolver: Sendable {
  let problem: LogisticProblem
  var gradientTolerance: Double
  let maximumIterations: Int
  /// `XᵀX` divided by the number of rows.
  private let gram: [Double]

  init(problem: LogisticProblem, gradientTolerance: Double, maximumIterations: Int) {
    self.problem = problem
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    let (rows, columns) = (problem.design.rows, problem.design.columns)
    gram = LinearAlgebra.gram(of: problem.design.values, rows: rows, columns: columns).map { $0 / Double(rows) }
  }

  struct Solution: Sendable {
    var point: [Double]
    var iterations: Int
    var ending: LBFGS.Ending
    /// The mean of `p (1 − p)` at the solution.
    var curvature: Double
  }

  /// The preconditioner for a penalty.
  struct Preconditioner: Sendable {
    let factor: CholeskyFactor
    let curvature: Double
  }

  func preconditioner(penalty: Double, curvature: Double) throws(LinearSolverError) -> Preconditioner {
    // Where everything is right already the loss is flat, and the penalty all there is.
    let curvature = max(curvature, 1e-6)
    let factor = try CholeskyFactor(gram, side: problem.design.columns, ridge: penalty / curvature)
    return Preconditioner(factor: factor, curvature: curvature)
  }

  /// - Parameters:
  ///   - start: where to begin.
  ///   - strength: C: how much the losses' sum counts beside half the sum of squared weights.
  ///   - ranges: the rows that count.
  ///   - progress: is called before each iteration; throws to stop.
  func solve(
    from start: [Double], strength: Double, ranges: [Range<Int>], preconditioner: Preconditioner,
    progress: (_ iteration: Int, _ value: Double) throws -> Void
  ) throws -> Solution {
    let total = problem.totalWeight(of: ranges)
    // A fold may hold only rows that count for nothing.
    guard total > 0 else { return Solution(point: start, iterations: 0, ending: .gradient, curvature: 0) }
    var minimizer = LBFGS()
    minimizer.gradientTolerance = gradientTolerance
    minimizer.maximumIterations = maximumIterations
    let outputs = problem.outputs
    var curvature = 0.0
    let minimum = try minimizer.minimize(
      from: start,
      preconditioner: { gradient in
        gradient.withUnsafeMutableBufferPointer { gradient in
          guard let weights = gradient.baseAddress else { return }
          preconditioner.factor.solve(weights, count: outputs)
          for index in gradient.indices { gradient[index] /= preconditioner.curvature }
        }
      },
      progress: progress,
      { point, gradient in
        problem.evaluate(
          at: point, ranges: ranges, penalty: 1 / (strength * total), total: total, gradient: &gradient,
          curvature: &curvature)
      })
    return Solution(
      point: minimum.point, iterations: minimum.iterations, ending: minimum.ending, curvature: curvature)
  }
}
