import GraftTensors

/// `Fixtures/metrics.json`: one set of scores and what scikit-learn says about it.
struct MetricsFixture: Decodable {
  let samples: Int
  let classes: Int
  let scores: [Float]
  let labels: [Int]
  let predictions: [Int]
  let top1: Double
  let top3: Double
  let confusion: [[Int]]

  static func load() throws -> MetricsFixture { try fixture("metrics.json") }

  /// The samples in three uneven batches, each followed by a row of padding that would be wrong for every label.
  var batches: [(scores: Tensor, labels: [Int])] {
    [0..<1, 1..<18, 18..<samples].map { rows in
      let values = scores[rows.lowerBound * classes..<rows.upperBound * classes]
      let padding = [Float](repeating: 0, count: classes)
      return (Tensor(values + padding, shape: [rows.count + 1, classes]), Array(labels[rows]))
    }
  }
}
