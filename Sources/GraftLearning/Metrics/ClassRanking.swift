/// One sample's classes in the order of their scores.
///
/// Of equal scores the lower class comes first, as with NumPy's `argmax`; a score that is NaN comes after all others.
public struct ClassRanking: Hashable, Sendable {
  /// Logits or probabilities, one a class.
  public let scores: [Float]

  /// - Parameter scores: logits or probabilities, one a class.
  public init(scores: some Collection<Float>) {
    self.scores = Array(scores)
  }

  /// The class with the highest score; nil where there are no classes.
  public var best: Int? { scores.indices.min(by: precedes) }

  /// The `count` best classes, best first; all of them where there are fewer.
  public func top(_ count: Int) -> ArraySlice<Int> {
    scores.indices.sorted(by: precedes).prefix(max(count, 0))
  }

  /// How many classes come before this one: 0 for the best.
  ///
  /// - Complexity: O(classes), without sorting.
  public func rank(of label: Int) -> Int {
    scores.indices.count { precedes($0, label) }
  }

  private func precedes(_ first: Int, _ second: Int) -> Bool {
    let (one, other) = (scores[first], scores[second])
    if one.isNaN != other.isNaN { return other.isNaN }
    return one == other || one.isNaN ? first < second : one > other
  }
}
