/// Where a learning rate lies well within the longest fall of a curve: fastai's `valley` (Howard and others, fastai 2.4).
public enum LongestValley {
  /// The place of the suggestion: about half way down the longest descent, a third and a half third of it from where it begins.
  ///
  /// A descent is as long as the longest series of losses, not necessarily neighbours, of which each is below the one before; it is
  /// taken to begin so many places before the first loss at which such a series ends.
  ///
  /// - Parameter losses: at growing rates, at least eight.
  /// - Complexity: O(n²).
  public static func index(in losses: [Double]) -> Int {
    precondition(losses.count >= 8, "\(losses.count) losses")
    // Of each loss the longest such series that ends with it.
    var lengths = [Int](repeating: 1, count: losses.count)
    for place in losses.indices.dropFirst() {
      for earlier in 0..<place where losses[place] < losses[earlier] {
        lengths[place] = max(lengths[place], lengths[earlier] + 1)
      }
    }
    let longest = lengths.max() ?? 1
    guard longest > 1, let end = lengths.firstIndex(of: longest) else { return 0 }
    return end - longest + longest / 3 + longest / 6
  }
}
