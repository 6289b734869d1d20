/// The mean and the variance of each channel.
public struct ChannelMoments: Hashable, Sendable, Codable {
  public let means: [Double]
  /// Mean squared distances from the mean: divided by the count, not by one less.
  public let variances: [Double]

  /// Moments that someone kept, as batch normalisations do.
  ///
  /// - Precondition: one variance for each mean.
  public init(means: [Double], variances: [Double]) {
    precondition(means.count == variances.count, "\(variances.count) variances for \(means.count) means")
    self.means = means
    self.variances = variances
  }

  /// The moments of each column.
  ///
  /// - Parameters:
  ///   - features: at least one row.
  ///   - weights: how much each row counts; all the same where nil. Not all zero.
  public init(of features: FeatureMatrix, weights: [Double]? = nil) {
    self.init(of: features.values, width: features.width, weights: weights)
  }

  init(of values: [Float], width: Int, weights: [Double]?) {
    let rows = values.count / max(width, 1)
    let total = weights?.reduce(0, +) ?? Double(rows)
    var means = [Double](repeating: 0, count: width)
    var variances = [Double](repeating: 0, count: width)
    values.withUnsafeBufferPointer { values in
      for row in 0..<rows {
        let share = (weights?[row] ?? 1) / total
        for column in 0..<width { means[column] += share * Double(values[row * width + column]) }
      }
      // A second pass, because the difference of two large sums would have no digits left.
      for row in 0..<rows {
        let share = (weights?[row] ?? 1) / total
        for column in 0..<width {
          let distance = Double(values[row * width + column]) - means[column]
          variances[column] += share * distance * distance
        }
      }
    }
    self.init(means: means, variances: variances)
  }

  /// Standard deviations to divide by: 1 for a channel that never changes.
  var scales: [Double] {
    zip(means, variances).map { mean, variance in
      // As small as rounding makes it where a channel never changes.
      variance <= 1e-14 * mean * mean || variance == 0 ? 1 : variance.squareRoot()
    }
  }
}
