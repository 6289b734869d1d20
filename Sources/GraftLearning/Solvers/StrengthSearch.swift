import Foundation

/// Solves a logistic problem with each fold held out, for one strength after another, and scores what was held out.
struct StrengthSearch: Sendable {
  let problem: LogisticProblem
  /// The rows of each fold.
  let folds: [Range<Int>]
  let regression: LogisticRegression
  private let tolerance: Double
  private let solver: LogisticSolver

  init(problem: LogisticProblem, folds: [Range<Int>], tolerance: Double, regression: LogisticRegression) {
    self.problem = problem
    self.folds = folds
    self.regression = regression
    self.tolerance = tolerance
    solver = LogisticSolver(
      problem: problem, gradientTolerance: tolerance, maximumIterations: regression.maximumIterations)
  }

  struct Step: Sendable {
    let candidate: LogisticRegressionCV.Candidate
    /// One for each fold.
    let solutions: [LogisticSolver.Solution]
  }

  private var all: Range<Int> { 0..<problem.design.rows }

  /// Solves for each of the strengths, which rise.
  ///
  /// - Parameter isEnough: of the candidates so far; says whether no other needs to be tried.
  func run(
    strengths: [Double], from start: (point: [Double], curvature: Double),
    isEnough: ([LogisticRegressionCV.Candidate]) -> Bool, progress: @escaping SolverProgress.Handler
  ) throws -> [Step] {
    var steps: [Step] = []
    var curvature = start.curvature
    let total = problem.totalWeight(of: [all])
    for strength in strengths {
      let penalty = 1 / (strength * total)
      var solver = solver
      // Where the penalty is weak, the solution before is nearly one for this strength, too: look more closely.
      solver.gradientTolerance = min(tolerance, penalty / 100)
      let (atStrength, preconditioner) = (
        solver, try solver.preconditioner(penalty: penalty, curvature: curvature)
      )
      let previous = steps.last?.solutions
      let results = try ConcurrentJobs.run(folds.count) { fold, check in
        let held = folds[fold]
        let solution = try atStrength.solve(
          from: previous?[fold].point ?? start.point, strength: strength,
          ranges: [0..<held.lowerBound, held.upperBound..<all.upperBound], preconditioner: preconditioner
        ) { iteration, value in
          try check()
          try progress(SolverProgress(fold: fold, strength: strength, iteration: iteration, loss: value))
        }
        return (solution: solution, score: score(solution, held))
      }
      steps.append(
        Step(
          candidate: LogisticRegressionCV.Candidate(
            strength: strength, logLoss: results.map(\.score.logLoss), accuracy: results.map(\.score.accuracy)),
          solutions: results.map(\.solution)))
      if isEnough(steps.map(\.candidate)) { break }
      curvature = results.reduce(0) { $0 + $1.solution.curvature } / Double(results.count)
    }
    return steps
  }

  /// Solves with all rows, beginning at the mean of the folds' solutions.
  func finish(_ step: Step, progress: SolverProgress.Handler) throws -> LogisticSolver.Solution {
    var start = [Double](repeating: 0, count: problem.parameterCount)
    var curvature = 0.0
    for solution in step.solutions {
      LinearAlgebra.add(1 / Double(folds.count), solution.point, to: &start)
      curvature += solution.curvature / Double(folds.count)
    }
    let strength = step.candidate.strength
    let penalty = 1 / (strength * problem.totalWeight(of: [all]))
    var exact = solver
    exact.gradientTolerance = regression.tolerance(penalty: penalty)
    return try exact.solve(
      from: start, strength: strength, ranges: [all],
      preconditioner: solver.preconditioner(penalty: penalty, curvature: curvature)
    ) { iteration, value in
      try Task.checkCancellation()
      try progress(SolverProgress(fold: nil, strength: strength, iteration: iteration, loss: value))
    }
  }

  /// How well the rows of a fold are predicted.
  private func score(_ solution: LogisticSolver.Solution, _ held: Range<Int>) -> (logLoss: Double, accuracy: Double) {
    let outputs = problem.outputs
    let logits = problem.logits(at: solution.point, range: held)
    let truth = problem.truth[held.lowerBound * outputs..<held.upperBound * outputs]
    let weights = problem.weights[held.lowerBound * outputs..<held.upperBound * outputs]
    let total = problem.totalWeight(of: [held])
    guard total > 0 else { return (0, 0) }
    var right = 0.0
    for row in 0..<held.count {
      let range = row * outputs..<(row + 1) * outputs
      switch problem.link {
      case .softmax:
        let best = range.max { logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1) } ?? range.lowerBound
        right += truth[truth.startIndex + best] * weights[weights.startIndex + best]
      case .sigmoid:
        for index in range where (logits[index] > 0) == (truth[truth.startIndex + index] == 1) {
          right += weights[weights.startIndex + index]
        }
      }
    }
    var (residuals, curvature) = (logits, 0.0)
    let loss = problem.losses(of: &residuals, range: held, curvature: &curvature)
    return (loss / total, right / total)
  }
}
