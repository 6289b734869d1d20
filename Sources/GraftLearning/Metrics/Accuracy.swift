import GraftTensors

/// The share of samples whose right class is among the `top` highest scores.
///
/// Ties go to the lower class (`ClassRanking`). A sample whose right class scores NaN counts as wrong: a network that
/// has diverged must not look like one that is always right.
public struct Accuracy: Hashable, Sendable, Codable {
  /// How many guesses each sample has; 1 for plain accuracy.
  public let top: Int
  /// Samples judged right so far.
  public private(set) var correct = 0
  /// Samples judged so far.
  public private(set) var count = 0

  /// - Precondition: `top` is at least 1.
  public init(top: Int = 1) {
    precondition(top >= 1, "top-\(top) accuracy: at least one guess is needed")
    self.top = top
  }

  /// Judges one batch.
  ///
  /// - Parameters:
  ///   - scores: logits or probabilities, `[N, classes]`.
  ///   - labels: the right class of each of the first `labels.count` rows. Rows beyond are padding and do not count.
  /// - Precondition: at most N labels, each in `0 ..< classes`.
  public mutating func add(scores: Tensor, labels: [Int]) {
    precondition(scores.shape.rank == 2, "scores of the shape \(scores.shape) where [N, classes] is expected")
    precondition(labels.count <= scores.shape[0], "\(labels.count) labels for \(scores.shape[0]) rows of scores")
    let classes = scores.shape[1]
    let values = scores.floats
    for (row, label) in labels.enumerated() {
      precondition(0..<classes ~= label, "label \(label) among \(classes) classes")
      let ranking = ClassRanking(scores: values[row * classes..<(row + 1) * classes])
      if !ranking.scores[label].isNaN, ranking.rank(of: label) < top { correct += 1 }
      count += 1
    }
  }

  /// Between 0 and 1; nil before the first sample.
  public var value: Double? { count == 0 ? nil : Double(correct) / Double(count) }
}
