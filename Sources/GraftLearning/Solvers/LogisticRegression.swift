import Foundation

/// A linear classifier solved to the optimum: the weights that minimise `½‖W‖² + C · Σ loss`, biases free.
///
/// The loss is cross-entropy, as in scikit-learn's `LogisticRegression`, and the layer that comes out equals its `coef_` and
/// `intercept_`: for three classes or more softmax over one row for each; for two classes one sigmoid, whose weights w
/// are returned as the rows −w/2 and w/2, so that softmax gives the same probabilities. For labels (`fit(truths:)`) it is one
/// such sigmoid for each.
public struct LogisticRegression: Hashable, Sendable, Codable {
  /// How much the losses of each class count.
  public enum ClassWeighting: Hashable, Sendable, Codable {
    case none
    /// All classes together the same: all weight / (classes · the class's weight).
    case balanced
    /// One number a class.
    case given([Double])
  }

  /// C: how much the sum of the losses counts beside half the sum of the squared weights. Large numbers fit closely.
  public var strength = 1.0
  public var classWeighting = ClassWeighting.none
  /// Divides each feature by its standard deviation first, so that the penalty is the same for all; the layer that comes
  /// out takes features as they are.
  public var standardizes = false
  /// The solution is found where no component of the gradient (of the mean loss and its share of the penalty) is larger;
  /// smaller ones are asked for where the penalty is so weak that the weights could still be off by 1e-5.
  public var gradientTolerance = 1e-8
  public var maximumIterations = 1000

  public init(strength: Double = 1, classWeighting: ClassWeighting = .none, standardizes: Bool = false) {
    self.strength = strength
    self.classWeighting = classWeighting
    self.standardizes = standardizes
  }

  /// The layer found, and how.
  public struct Fit: Hashable, Sendable, Codable {
    /// Logits: `[classes, width]` and `[classes]`. A class without an example is never predicted.
    public let layer: LinearLayer
    public let iterations: Int
    /// Whether the tolerance was reached, or arithmetic's last digit, before the last iteration.
    public let hasConverged: Bool
  }

  /// Fits a classifier.
  ///
  /// - Parameters:
  ///   - features: one row for each example.
  ///   - labels: each example's class, in `0 ..< classes`.
  ///   - classes: how many there are, with examples or without.
  ///   - sampleWeights: how much each example counts; all the same where nil.
  ///   - progress: is called before each iteration; throws to stop.
  /// - Throws: `LinearSolverError`; `CancellationError` where the task is cancelled; what `progress` throws.
  public func fit(
    _ features: FeatureMatrix, labels: [Int], classes: Int, sampleWeights: [Double]? = nil,
    progress: SolverProgress.Handler = { _ in }
  ) throws -> Fit {
    let targets = try ClassificationTargets(
      labels: labels, classes: classes, rows: features.count, weighting: classWeighting, sampleWeights: sampleWeights)
    return try fit(features, targets, progress: progress)
  }

  /// Fits one classifier for each of several labels that hold or not, independent of each other.
  ///
  /// - Parameters:
  ///   - features: one row for each example.
  ///   - truths: whether each label holds, `[count, labels]`, row after row.
  ///   - labels: how many there are. One that always holds, or never, gets no weights and a probability of (nearly) 1 or 0.
  ///   - sampleWeights: how much each example counts; all the same where nil.
  ///   - progress: is called before each iteration; throws to stop.
  /// - Throws: `LinearSolverError`; `CancellationError` where the task is cancelled; what `progress` throws.
  public func fit(
    _ features: FeatureMatrix, truths: [Bool], labels: Int, sampleWeights: [Double]? = nil,
    progress: SolverProgress.Handler = { _ in }
  ) throws -> Fit {
    let targets = try ClassificationTargets(
      truths: truths, labels: labels, rows: features.count, weighting: classWeighting, sampleWeights: sampleWeights)
    return try fit(features, targets, progress: progress)
  }

  private func fit(
    _ features: FeatureMatrix, _ targets: ClassificationTargets, progress: SolverProgress.Handler
  ) throws -> Fit {
    try check(features)
    let problem = targets.problem(features, order: Array(0..<features.count), standardizes: standardizes)
    let penalty = 1 / (strength * problem.totalWeight(of: [0..<features.count]))
    let solver = LogisticSolver(
      problem: problem, gradientTolerance: tolerance(penalty: penalty), maximumIterations: maximumIterations)
    let start = targets.start(problem)
    let solution = try solver.solve(
      from: start.point, strength: strength, ranges: [0..<features.count],
      preconditioner: solver.preconditioner(penalty: penalty, curvature: start.curvature)
    ) { iteration, value in
      try Task.checkCancellation()
      try progress(SolverProgress(fold: nil, strength: strength, iteration: iteration, loss: value))
    }
    return targets.fit(solution, problem)
  }

  /// The function is at least as curved as the penalty, so that weights are off by at most the gradient over it.
  func tolerance(penalty: Double) -> Double { min(gradientTolerance, 1e-5 * penalty) }

  func check(_ features: FeatureMatrix) throws(LinearSolverError) {
    try features.check()
    if !(strength > 0 && strength.isFinite) { throw .badSetting(name: "the strength C", value: strength) }
    if !(gradientTolerance > 0) { throw .badSetting(name: "the gradient's tolerance", value: gradientTolerance) }
  }
}

/// Where a solver is.
public struct SolverProgress: Sendable {
  /// Is called from several threads, and throws to stop the work.
  public typealias Handler = @Sendable (SolverProgress) throws -> Void

  /// The fold held out; nil where all data are used.
  public let fold: Int?
  /// The regularisation being tried.
  public let strength: Double
  public let iteration: Int
  /// What is minimised: the mean loss and its share of the penalty.
  public let loss: Double
}
