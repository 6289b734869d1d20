import Foundation

/// A logistic regression whose strength C is chosen by cross-validation.
///
/// Every fold is held out in turn and predicted by what the others taught, for each candidate; folds are solved on all cores,
/// each candidate from the solution of the one before. A row counts in a score what it counts in training, so that with
/// balanced classes the accuracy is the balanced accuracy. Where features are standardised, the means and deviations are
/// those of all rows.
public struct LogisticRegressionCV: Hashable, Sendable, Codable {
  public enum Scoring: String, CaseIterable, Hashable, Sendable, Codable {
    /// The mean cross-entropy of what was held out, in nats. Lower is better.
    case logLoss
    /// The share of what was held out that is predicted rightly. Higher is better.
    case accuracy
  }

  /// Everything but the strength.
  public var regression: LogisticRegression
  /// The strengths to try; by default eight from 10⁻³ to 10⁴.
  public var strengths: [Double] = (-3...4).map { pow(10, Double($0)) }
  public var scoring = Scoring.logLoss
  /// Solutions of folds are only scored: they need not be as exact as the last. No component of their gradient is larger, nor
  /// larger than a hundredth of the penalty.
  public var foldTolerance = 1e-5
  /// After so many strengths in a row with a worse score than the best so far, none that is larger is tried: where a head begins to
  /// learn its photographs by heart, it goes on to, and the largest strengths take longest. Nil tries all.
  public var patience: Int?
  /// What a head is solved with: log-loss over C falls, then rises, and two strengths in a row are no ripple.
  public static let usualPatience = 2

  public init(regression: LogisticRegression = LogisticRegression()) {
    self.regression = regression
  }

  /// The layer found, and why with this strength.
  public struct Fit: Hashable, Sendable, Codable {
    /// The layer fitted to all rows with the strength chosen.
    public let fit: LogisticRegression.Fit
    public var layer: LinearLayer { fit.layer }
    public let choice: Choice
    public let scoring: Scoring

    /// The strength chosen: the best mean; of equals the smallest.
    public var strength: Double { choice.strength }
    /// What was tried, rising.
    public var candidates: [Candidate] { choice.candidates }
    /// What was predicted for each row while it was held out: see `Choice`.
    public var heldOutLogits: [Float] { choice.heldOutLogits }
  }

  /// The strength chosen and why, without the layer that it makes of all rows.
  public struct Choice: Hashable, Sendable, Codable {
    /// The best mean; of equals the smallest.
    public let strength: Double
    /// What was tried, rising.
    public let candidates: [Candidate]
    /// What was predicted for each row while it was held out, with the strength chosen: logits `[count, outputs]`, where
    /// `outputs` is the layer's. From these come honest reports about a layer that has seen every row.
    public let heldOutLogits: [Float]
  }

  /// One strength and how well it did.
  public struct Candidate: Hashable, Sendable, Codable {
    public let strength: Double
    /// The mean log-loss of each fold.
    public let logLoss: [Double]
    /// The accuracy of each fold.
    public let accuracy: [Double]

    /// The mean over the folds.
    public func mean(_ scoring: Scoring) -> Double {
      let scores = scoring == .logLoss ? logLoss : accuracy
      return scores.reduce(0, +) / Double(max(scores.count, 1))
    }
  }

  /// Fits a classifier; parameters and errors as for `LogisticRegression.fit`.
  ///
  /// - Parameter folds: for each row, the fold in which it is held out.
  public func fit(
    _ features: FeatureMatrix, labels: [Int], classes: Int, folds: CrossValidationFolds,
    sampleWeights: [Double]? = nil, progress: @escaping SolverProgress.Handler = { _ in }
  ) throws -> Fit {
    let targets = try ClassificationTargets(
      labels: labels, classes: classes, rows: features.count, weighting: regression.classWeighting,
      sampleWeights: sampleWeights)
    return try fit(features, targets, folds, progress)
  }

  /// Fits one classifier for each label, all with the same strength; parameters and errors as for `LogisticRegression.fit`.
  public func fit(
    _ features: FeatureMatrix, truths: [Bool], labels: Int, folds: CrossValidationFolds,
    sampleWeights: [Double]? = nil, progress: @escaping SolverProgress.Handler = { _ in }
  ) throws -> Fit {
    let targets = try ClassificationTargets(
      truths: truths, labels: labels, rows: features.count, weighting: regression.classWeighting,
      sampleWeights: sampleWeights)
    return try fit(features, targets, folds, progress)
  }

  /// What `fit` would choose, where no layer is wanted of it; parameters and errors are the same.
  public func choose(
    _ features: FeatureMatrix, labels: [Int], classes: Int, folds: CrossValidationFolds
  ) throws -> Choice {
    let targets = try ClassificationTargets(
      labels: labels, classes: classes, rows: features.count, weighting: regression.classWeighting,
      sampleWeights: nil)
    return try searched(features, targets, folds) { _ in }.choice
  }

  private func fit(
    _ features: FeatureMatrix, _ targets: ClassificationTargets, _ folds: CrossValidationFolds,
    _ progress: @escaping SolverProgress.Handler
  ) throws -> Fit {
    let (choice, chosen, search) = try searched(features, targets, folds, progress)
    let final = try search.finish(chosen, progress: progress)
    return Fit(fit: targets.fit(final, search.problem), choice: choice, scoring: scoring)
  }

  private func searched(
    _ features: FeatureMatrix, _ targets: ClassificationTargets, _ folds: CrossValidationFolds,
    _ progress: @escaping SolverProgress.Handler
  ) throws -> (choice: Choice, chosen: StrengthSearch.Step, search: StrengthSearch) {
    try regression.check(features)
    if folds.foldOfRow.count != features.count {
      throw LinearSolverError.wrongCount(what: "folds", found: folds.foldOfRow.count, expected: features.count)
    }
    if let bad = strengths.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw LinearSolverError.badSetting(name: "the strength C", value: bad)
    }
    if strengths.isEmpty { throw LinearSolverError.badSetting(name: "the number of strengths", value: 0) }
    let (order, ranges) = folds.arrangement
    let problem = targets.problem(features, order: order, standardizes: regression.standardizes)
    let search = StrengthSearch(problem: problem, folds: ranges, tolerance: foldTolerance, regression: regression)
    let start = targets.start(problem)
    let path = try search.run(
      strengths: Set(strengths).sorted(), from: start, isEnough: { isEnough($0) }, progress: progress)
    let chosen = path[best(of: path.map(\.candidate))]
    return (
      Choice(
        strength: chosen.candidate.strength, candidates: path.map(\.candidate),
        heldOutLogits: heldOut(chosen, order: order, ranges: ranges, features: features, targets, problem)),
      chosen, search
    )
  }

  /// The best score; of equals that of the smallest strength.
  private func best(of candidates: [Candidate]) -> Int {
    let means = candidates.map { $0.mean(scoring) }
    return means.indices.min { one, other in
      (scoring == .logLoss ? means[one] < means[other] : means[one] > means[other])
        || (means[one] == means[other] && one < other)
    } ?? 0
  }

  /// Whether strengths beyond those tried will hardly be better.
  private func isEnough(_ candidates: [Candidate]) -> Bool {
    patience.map { candidates.count - 1 - best(of: candidates) >= $0 } ?? false
  }

  private func heldOut(
    _ chosen: StrengthSearch.Step, order: [Int], ranges: [Range<Int>], features: FeatureMatrix,
    _ targets: ClassificationTargets, _ problem: LogisticProblem
  ) -> [Float] {
    var result = [Float](repeating: 0, count: features.count * targets.classes)
    for (range, solution) in zip(ranges, chosen.solutions) {
      let rows = order[range]
      let layer = targets.layer(at: solution.point, problem)
      let logits = layer(FeatureMatrix(rows.flatMap { features[$0] }, width: features.width))
      for (place, row) in rows.enumerated() {
        for output in 0..<targets.classes {
          result[row * targets.classes + output] = logits[place * targets.classes + output]
        }
      }
    }
    return result
  }
}
