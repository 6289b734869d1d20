/// A classifier that takes a sample for the class whose mean is nearest: for very few samples of each.
public struct NearestPrototype: Hashable, Sendable, Codable {
  public enum Distance: String, CaseIterable, Hashable, Sendable, Codable {
    /// The distance to the mean of the class's features.
    case euclidean
    /// The angle to the mean of the class's directions.
    case cosine
  }

  public var distance: Distance

  public init(distance: Distance = .euclidean) {
    self.distance = distance
  }

  /// The linear layer that ranks classes by their nearness.
  ///
  /// Euclidean: `2 p · x − |p|²`, which is `|x|² − |x − p|²`. Cosine: `p · x` with p of length 1, which is the cosine times |x|;
  /// bias zero.
  ///
  /// - Parameters:
  ///   - features: one row a sample.
  ///   - labels: each sample's class, in `0 ..< classes`. A class without a sample is never predicted.
  ///   - sampleWeights: how much each sample counts for its class's mean; all the same where nil.
  /// - Throws: `LinearSolverError`.
  public func fit(
    _ features: FeatureMatrix, labels: [Int], classes: Int, sampleWeights: [Double]? = nil
  ) throws(LinearSolverError) -> LinearLayer {
    try features.check()
    let width = features.width
    let used = distance == .cosine ? FeatureMatrix(features.directions, width: width) : features
    let prototypes = try ClassMeans(used, labels: labels, classes: classes, weights: sampleWeights)
    var (kernel, bias) = ([Float](), [Float]())
    for label in 0..<classes {
      let mean = prototypes.means[label * width..<(label + 1) * width]
      let square = mean.reduce(0) { $0 + $1 * $1 }
      switch distance {
      case .euclidean:
        kernel += mean.map { Float(2 * $0) }
        bias.append(Float(-square))
      case .cosine:
        kernel += mean.map { square > 0 ? Float($0 / square.squareRoot()) : 0 }
        bias.append(0)
      }
      if prototypes.weights[label] == 0 { bias[label] = Float(ClassificationTargets.never) }
    }
    return LinearLayer(kernel: kernel, bias: bias, width: width)
  }
}

/// The mean of the features of each class.
struct ClassMeans {
  /// `[classes, width]`; zeros for a class without a sample.
  let means: [Double]
  /// What the samples of each class count together.
  let weights: [Double]

  init(_ features: FeatureMatrix, labels: [Int], classes: Int, weights: [Double]?) throws(LinearSolverError) {
    try features.check()
    if labels.count != features.count {
      throw .wrongCount(what: "labels", found: labels.count, expected: features.count)
    }
    let samples = try ClassificationTargets.checked(weights, rows: features.count)
    let width = features.width
    var means = [Double](repeating: 0, count: max(classes, 0) * width)
    var totals = [Double](repeating: 0, count: max(classes, 0))
    for (row, label) in labels.enumerated() {
      guard 0..<classes ~= label else { throw .labelOutOfRange(row: row, label: label, classes: classes) }
      totals[label] += samples[row]
      for column in 0..<width {
        means[label * width + column] += samples[row] * Double(features.values[row * width + column])
      }
    }
    for label in totals.indices where totals[label] > 0 {
      for column in 0..<width { means[label * width + column] /= totals[label] }
    }
    (self.means, self.weights) = (means, totals)
  }
}
