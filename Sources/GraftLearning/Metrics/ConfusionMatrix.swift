import GraftTensors

/// How often samples of one class were taken for another.
public struct ConfusionMatrix: Hashable, Sendable, Codable {
  /// Rows are what the samples are, columns what they were taken for, as in scikit-learn.
  public private(set) var counts: [[Int]]

  /// - Parameter classes: the number of classes.
  public init(classes: Int) {
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
  }

  /// Counts one sample.
  ///
  /// - Precondition: both are classes of this matrix.
  public mutating func add(actual: Int, predicted: Int) {
    counts[actual][predicted] += 1
  }

  /// Counts one batch, taking each sample for the class with its highest score (`ClassRanking`).
  ///
  /// - Parameters:
  ///   - scores: logits or probabilities, `[N, classes]`.
  ///   - labels: the right class of each of the first `labels.count` rows. Rows beyond are padding and do not count.
  /// - Precondition: at most N labels, each a class of this matrix, and as many scores a row as classes.
  public mutating func add(scores: Tensor, labels: [Int]) {
    precondition(
      scores.shape.rank == 2 && scores.shape[1] == counts.count,
      "scores of the shape \(scores.shape) where [N, \(counts.count)] is expected")
    precondition(labels.count <= scores.shape[0], "\(labels.count) labels for \(scores.shape[0]) rows of scores")
    let values = scores.floats
    for (row, label) in labels.enumerated() {
      let ranking = ClassRanking(scores: values[row * counts.count..<(row + 1) * counts.count])
      if let best = ranking.best { add(actual: label, predicted: best) }
    }
  }

  /// The number of samples.
  public var count: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The number of samples on the diagonal.
  public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }
}
