/// How well a sample's class is told by the samples whose features point in the most similar direction (cosine).
///
/// No training, so no way to fit by chance: where this is low, classes do not lie apart in these features.
public struct NearestNeighbours: Hashable, Sendable, Codable {
  /// How many neighbours vote. Of classes with as many votes the one whose voters are more similar wins, then the lower.
  public var neighbours: Int

  /// - Precondition: at least one neighbour.
  public init(neighbours: Int = 5) {
    precondition(neighbours >= 1, "\(neighbours) neighbours")
    self.neighbours = neighbours
  }

  /// What was found.
  public struct Result: Hashable, Sendable, Codable {
    /// What each sample is taken for.
    public let predictions: [Int]
    /// The share of samples taken for their class.
    public let accuracy: Double
    public let interval: ConfidenceInterval?
  }

  /// Takes every sample for what its neighbours are, which it is none of.
  ///
  /// - Parameters:
  ///   - features: one row a sample. A row of zeros is similar to none.
  ///   - labels: each sample's class, in `0 ..< classes`.
  ///   - groups: samples of the same group, or fold, are no neighbours; nil where only a sample itself is not.
  /// - Throws: `LinearSolverError`; `CancellationError` where the task is cancelled.
  /// - Complexity: O(n² · width), on all cores.
  public func evaluate(
    _ features: FeatureMatrix, labels: [Int], classes: Int, groups: [Int]? = nil
  ) throws -> Result {
    try features.check()
    let (count, width) = (features.count, features.width)
    if labels.count != count {
      throw LinearSolverError.wrongCount(what: "labels", found: labels.count, expected: count)
    }
    if let row = labels.firstIndex(where: { !(0..<classes ~= $0) }) {
      throw LinearSolverError.labelOutOfRange(row: row, label: labels[row], classes: classes)
    }
    if let groups, groups.count != count {
      throw LinearSolverError.wrongCount(what: "groups", found: groups.count, expected: count)
    }
    let directions = features.directions
    let block = 256
    let parts = try ConcurrentJobs.run((count + block - 1) / block) { number, check in
      let rows = number * block..<min((number + 1) * block, count)
      var similarities = [Float](repeating: 0, count: rows.count * count)
      LinearAlgebra.multiply(
        Array(directions[rows.lowerBound * width..<rows.upperBound * width]), .asIs, directions, .transposed,
        into: &similarities, rows: rows.count, columns: count, inner: width)
      return try rows.enumerated().map { place, row in
        try check()
        let similarity = similarities[place * count..<(place + 1) * count]
        return vote(similarity, labels: labels, classes: classes) { other in
          groups.map { $0[other] != $0[row] } ?? (other != row)
        }
      }
    }
    let predictions = parts.flatMap(\.self)
    let right = zip(predictions, labels).count { $0 == $1 }
    return Result(
      predictions: predictions, accuracy: Double(right) / Double(count),
      interval: .wilson(successes: Double(right), count: Double(count)))
  }

  private func vote(
    _ similarities: ArraySlice<Float>, labels: [Int], classes: Int, isNeighbour: (Int) -> Bool
  ) -> Int {
    // The best so far, worst last: short, so that putting one in is cheap.
    var best: [(similarity: Float, sample: Int)] = []
    for (sample, similarity) in similarities.enumerated() {
      if best.count == neighbours, let last = best.last, similarity <= last.similarity { continue }
      guard isNeighbour(sample) else { continue }
      let place = best.firstIndex { $0.similarity < similarity } ?? best.count
      best.insert((similarity, sample), at: place)
      if best.count > neighbours { best.removeLast() }
    }
    var votes = [(count: Int, similarity: Float)](repeating: (0, 0), count: classes)
    for (similarity, sample) in best {
      votes[labels[sample]].count += 1
      votes[labels[sample]].similarity += similarity
    }
    return votes.indices.max {
      (votes[$0].count, votes[$0].similarity, -$0) < (votes[$1].count, votes[$1].similarity, -$1)
    }
      ?? 0
  }
}

extension FeatureMatrix {
  /// The rows, each divided by its length; zeros where that is zero.
  var directions: [Float] {
    var result = values
    for row in 0..<count {
      let range = row * width..<(row + 1) * width
      let length = range.reduce(0.0) { $0 + Double(values[$1]) * Double(values[$1]) }.squareRoot()
      if length > 0 { for index in range { result[index] = Float(Double(values[index]) / length) } }
    }
    return result
  }
}
