import Foundation
import GraftGraph
import GraftLearning
import GraftTensors

/// One head's problem: features, what is right, and how the answer is found.
struct HeadProblem: Sendable {
  let solver: HeadSolver
  let task: PredictionTask
  /// Whether the head scores by angles; then its prototypes are directions, and the layer's bias is none of its.
  let isCosine: Bool
  let features: FeatureMatrix
  let targets: Targets
  let weights: [Float]?
  /// Rows of one number are never divided.
  let groups: [Int]
  let isBalanced: Bool
  let seed: UInt64

  /// The dense layer that solves it.
  ///
  /// - Throws: `LinearSolverError`, `CancellationError`.
  func solve() throws -> LinearLayer {
    let samples = weights?.map(Double.init)
    let outputs = task.names.count
    switch targets {
    case .classes(let labels) where solver.kind == .prototype:
      let layer = try NearestPrototype(distance: isCosine ? .cosine : .euclidean).fit(
        features, labels: labels, classes: outputs, sampleWeights: samples)
      return isCosine ? layer.turningAway(from: Set(labels)) : layer
    case .classes(let labels):
      if let strength = solver.strength {
        return try regression(strength).fit(features, labels: labels, classes: outputs, sampleWeights: samples).layer
      }
      return try search.fit(
        features, labels: labels, classes: outputs, folds: folds(labels), sampleWeights: samples
      ).layer
    case .labels(let rows):
      let truths = rows.floats.map { $0 > 0.5 }
      if let strength = solver.strength {
        return try regression(strength).fit(features, truths: truths, labels: outputs, sampleWeights: samples).layer
      }
      return try search.fit(
        features, truths: truths, labels: outputs, folds: folds(groups.map { _ in 0 }), sampleWeights: samples
      ).layer
    case .values(let rows):
      if let strength = solver.strength {
        return try RidgeRegression(alpha: 1 / strength, standardizes: true).fit(
          features, values: rows.floats, outputs: outputs, sampleWeights: samples)
      }
      return try RidgeRegression(standardizes: true).fit(
        features, values: rows.floats, outputs: outputs, folds: folds(groups.map { _ in 0 }), sampleWeights: samples
      ).layer
    case .distributions, .taught: throw TrainingError.unsolvable(layer: "")
    }
  }

  private var search: LogisticRegressionCV {
    var search = LogisticRegressionCV(regression: regression(1))
    search.patience = LogisticRegressionCV.usualPatience
    return search
  }

  private func regression(_ strength: Double) -> LogisticRegression {
    LogisticRegression(strength: strength, classWeighting: isBalanced ? .balanced : .none, standardizes: true)
  }

  private func folds(_ labels: [Int]) throws -> CrossValidationFolds {
    try CrossValidationFolds(stratifying: labels, folds: solver.folds, seed: seed, groups: groups)
  }
}

extension LinearLayer {
  /// With a direction for each class that has no sample: away from all others, where it is predicted of nothing like them. A row of
  /// zeros has no direction, and a layer without biases no other way to say never.
  fileprivate func turningAway(from seen: Set<Int>) -> LinearLayer {
    var other = self
    for row in 0..<outputs where !seen.contains(row) {
      for column in 0..<width {
        other.kernel[row * width + column] = -seen.reduce(0) { $0 + kernel[$1 * width + column] }
      }
    }
    return other
  }
}
