import GraftGraph
import GraftLearning
import GraftTensors

/// The share of right answers so far: of images whose class is right, or of labels that are.
struct RunningScore: Hashable, Sendable, Codable {
  private(set) var right = 0
  private(set) var count = 0

  /// - Parameters:
  ///   - outputs: `[N, width]`, what precedes the heads' last layers.
  ///   - columns: the head's.
  mutating func add(outputs: Tensor, columns: Range<Int>, targets: Targets) {
    let width = outputs.shape[1]
    let scores = outputs.floats
    func row(_ index: Int) -> ArraySlice<Float> {
      scores[index * width + columns.lowerBound..<index * width + columns.upperBound]
    }
    switch targets {
    case .classes(let classes):
      for (index, label) in classes.enumerated() { add(isRight(row(index), label)) }
    case .distributions(let rows):
      // The class that there is most of.
      let shares = rows.floats
      for index in 0..<rows.shape[0] {
        let likeliest = ClassRanking(scores: shares[index * columns.count..<(index + 1) * columns.count]).best
        add(isRight(row(index), likeliest ?? 0))
      }
    case .labels(let rows):
      let holds = rows.floats
      for index in 0..<rows.shape[0] {
        for (label, logit) in row(index).enumerated() {
          add(!logit.isNaN && (logit > 0) == (holds[index * columns.count + label] > 0.5))
        }
      }
    case .values: break
    case .taught(let targets, _): add(outputs: outputs, columns: columns, targets: targets)
    }
  }

  mutating func add(_ other: RunningScore) {
    right += other.right
    count += other.count
  }

  private func isRight(_ scores: ArraySlice<Float>, _ label: Int) -> Bool {
    let ranking = ClassRanking(scores: scores)
    return ranking.best == label && !ranking.scores[label].isNaN
  }

  private mutating func add(_ isRight: Bool) {
    if isRight { right += 1 }
    count += 1
  }

  /// Nil where nothing can be right or wrong: of values.
  var value: Double? { count == 0 ? nil : Double(right) / Double(count) }
}
