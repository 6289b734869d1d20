/// The candidates nearest to a mistyped name, best first: those within a third of its length in Levenshtein's distance,
/// or of which it is a part.
///
/// - Complexity: O(candidates × lengths²).
public func closestNames(to name: String, among candidates: some Sequence<String>, limit: Int = 3) -> [String] {
  let wanted = Array(name.lowercased())
  let scored = candidates.compactMap { candidate -> (name: String, distance: Int)? in
    let distance = editDistance(wanted, Array(candidate.lowercased()))
    let isNear = distance <= max(1, (wanted.count + 1) / 3)
    let contains = wanted.count >= 3 && candidate.lowercased().contains(name.lowercased())
    return isNear || contains ? (candidate, distance) : nil
  }
  return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
}

/// `; did you mean “a” or “b”?`, or nothing.
public func didYouMean(_ suggestions: [String]) -> String {
  guard !suggestions.isEmpty else { return "" }
  return "; did you mean " + suggestions.map { "“\($0)”" }.joined(separator: " or ") + "?"
}

private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var previous = Array(0...second.count)
  for (row, character) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      let substitution = previous[column] + (character == other ? 0 : 1)
      current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[second.count]
}
