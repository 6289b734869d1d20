/// How far classes lie apart, against how far samples lie from the middle of their class.
public struct ClassSeparability: Hashable, Sendable, Codable {
  /// The mean squared distance of the classes' means from the mean of all, each counting for its samples: the trace of the scatter
  /// between classes, per sample.
  public let between: Double
  /// The mean squared distance of the samples from their class's mean.
  public let within: Double

  /// Between over within; nil where every sample is its class's mean.
  public var ratio: Double? { within > 0 ? between / within : nil }

  /// The share of the whole scatter that is between classes, from 0 to 1; nil where all samples are the same.
  public var share: Double? { within + between > 0 ? between / (within + between) : nil }

  /// - Parameters:
  ///   - features: one row a sample.
  ///   - labels: each sample's class, in `0 ..< classes`.
  /// - Throws: `LinearSolverError`.
  public init(_ features: FeatureMatrix, labels: [Int], classes: Int) throws(LinearSolverError) {
    let prototypes = try ClassMeans(features, labels: labels, classes: classes, weights: nil)
    let (width, total) = (features.width, Double(features.count))
    let mean = ChannelMoments(of: features).means
    var (between, within) = (0.0, 0.0)
    for (row, label) in labels.enumerated() {
      for column in 0..<width {
        let centre = prototypes.means[label * width + column]
        let (inner, outer) = (Double(features.values[row * width + column]) - centre, centre - mean[column])
        within += inner * inner / total
        between += outer * outer / total
      }
    }
    (self.between, self.within) = (between, within)
  }
}
