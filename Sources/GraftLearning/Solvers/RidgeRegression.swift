import Foundation

/// A linear layer for values, solved: the weights that minimise `Σ ‖y − (Wx + b)‖² + α ‖W‖²`, biases free. Equals scikit-learn's
/// `Ridge`.
public struct RidgeRegression: Hashable, Sendable, Codable {
  /// How much the sum of the squared weights counts beside the sum of the squared errors. Small numbers fit closely.
  public var alpha = 1.0
  /// Divides each feature by its standard deviation first, so that the penalty is the same for all.
  public var standardizes = false

  public init(alpha: Double = 1, standardizes: Bool = false) {
    self.alpha = alpha
    self.standardizes = standardizes
  }

  /// One α and how well it did.
  public struct Candidate: Hashable, Sendable, Codable {
    public let alpha: Double
    /// The mean squared error of each fold, over rows and values.
    public let errors: [Double]

    /// The mean over the folds.
    public var mean: Double { errors.reduce(0, +) / Double(max(errors.count, 1)) }
  }

  /// What cross-validation chose.
  public struct CrossValidatedFit: Hashable, Sendable, Codable {
    /// The layer fitted to all rows with the α chosen.
    public let layer: LinearLayer
    /// The α with the lowest mean error; of equals the largest.
    public let alpha: Double
    /// What was tried, falling: from the strongest regularisation to the weakest.
    public let candidates: [Candidate]
    /// What was predicted for each row while it was held out, with the α chosen: `[count, outputs]`.
    public let heldOut: [Float]
  }

  /// Fits the layer, `[outputs, width]`.
  ///
  /// - Parameters:
  ///   - features: one row for each example.
  ///   - values: what to predict, `[count, outputs]`, row after row.
  ///   - outputs: how many values a row has.
  ///   - sampleWeights: how much each example counts; all the same where nil.
  /// - Throws: `LinearSolverError`.
  public func fit(
    _ features: FeatureMatrix, values: [Float], outputs: Int, sampleWeights: [Double]? = nil
  ) throws(LinearSolverError) -> LinearLayer {
    let weights = try check(features, values, outputs, sampleWeights, alphas: [alpha])
    return try RidgeSystem(
      features, values: values, outputs: outputs, weights: weights, standardizes: standardizes
    ).layer(alpha: alpha)
  }

  /// Fits the layer with the α under which rows that were held out are predicted best.
  ///
  /// - Parameters:
  ///   - features: one row for each example.
  ///   - values: what to predict, `[count, outputs]`, row after row.
  ///   - outputs: how many values a row has.
  ///   - alphas: what to try.
  ///   - folds: for each row, the fold in which it is held out.
  ///   - sampleWeights: how much each example counts; all the same where nil.
  /// - Throws: `LinearSolverError`; `CancellationError` where the task is cancelled.
  public func fit(
    _ features: FeatureMatrix, values: [Float], outputs: Int,
    choosingAmong alphas: [Double] = (-3...4).map { pow(10, Double($0)) }, folds: CrossValidationFolds,
    sampleWeights: [Double]? = nil
  ) throws -> CrossValidatedFit {
    let weights = try check(features, values, outputs, sampleWeights, alphas: alphas)
    if folds.foldOfRow.count != features.count {
      throw LinearSolverError.wrongCount(what: "folds", found: folds.foldOfRow.count, expected: features.count)
    }
    let alphas = Set(alphas).sorted(by: >)
    // Means and deviations of all rows, as in the layer that is fitted in the end.
    let scales = standardizes ? ChannelMoments(of: features, weights: weights).scales : nil
    let (order, ranges) = folds.arrangement
    let results = try ConcurrentJobs.run(folds.count) { fold, check in
      let held = Array(order[ranges[fold]])
      let training = order[..<ranges[fold].lowerBound] + order[ranges[fold].upperBound...]
      func part(_ rows: some Collection<Int>) -> (FeatureMatrix, [Float], [Double]) {
        (
          FeatureMatrix(rows.flatMap { features[$0] }, width: features.width),
          rows.flatMap { values[$0 * outputs..<($0 + 1) * outputs] }, rows.map { weights[$0] }
        )
      }
      let (known, knownValues, knownWeights) = part(training)
      let (hidden, hiddenValues, hiddenWeights) = part(held)
      // A fold whose rest counts for nothing teaches nothing.
      guard knownWeights.contains(where: { $0 > 0 }) else { throw LinearSolverError.noWeight }
      let system = RidgeSystem(known, values: knownValues, outputs: outputs, weights: knownWeights, scales: scales)
      return try alphas.map { alpha in
        try check()
        let predicted = try system.layer(alpha: alpha)(hidden)
        return (error: error(predicted, hiddenValues, hiddenWeights, outputs), predicted: predicted)
      }
    }
    let candidates = alphas.indices.map { index in
      Candidate(alpha: alphas[index], errors: results.map { $0[index].error })
    }
    let best = candidates.indices.min { (candidates[$0].mean, $0) < (candidates[$1].mean, $1) } ?? 0
    var heldOut = [Float](repeating: 0, count: values.count)
    for (fold, range) in ranges.enumerated() {
      for (place, row) in order[range].enumerated() {
        for output in 0..<outputs {
          heldOut[row * outputs + output] = results[fold][best].predicted[place * outputs + output]
        }
      }
    }
    let chosen = RidgeRegression(alpha: alphas[best], standardizes: standardizes)
    return CrossValidatedFit(
      layer: try chosen.fit(features, values: values, outputs: outputs, sampleWeights: sampleWeights),
      alpha: alphas[best], candidates: candidates, heldOut: heldOut)
  }

  private func error(_ predicted: [Float], _ values: [Float], _ weights: [Double], _ outputs: Int) -> Double {
    var (sum, total) = (0.0, 0.0)
    for (row, weight) in weights.enumerated() {
      for index in row * outputs..<(row + 1) * outputs {
        let difference = Double(predicted[index]) - Double(values[index])
        sum += weight * difference * difference
        total += weight
      }
    }
    return total > 0 ? sum / total : 0
  }

  /// The weights, one a row.
  private func check(
    _ features: FeatureMatrix, _ values: [Float], _ outputs: Int, _ sampleWeights: [Double]?, alphas: [Double]
  ) throws(LinearSolverError) -> [Double] {
    try features.check()
    if values.count != features.count * outputs {
      throw .wrongCount(what: "rows of values", found: values.count / max(outputs, 1), expected: features.count)
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw .badTarget(row: bad / outputs, value: Double(values[bad]))
    }
    if alphas.isEmpty { throw .badSetting(name: "the number of alphas", value: 0) }
    if let bad = alphas.first(where: { !($0 > 0 && $0.isFinite) }) { throw .badSetting(name: "alpha", value: bad) }
    return try ClassificationTargets.checked(sampleWeights, rows: features.count)
  }
}
