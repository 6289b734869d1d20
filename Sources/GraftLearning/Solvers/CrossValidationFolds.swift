import GraftTensors

/// Which part of the data each row belongs to, when every part in turn is held out.
public struct CrossValidationFolds: Hashable, Sendable, Codable {
  /// The fold in which each row is held out.
  public let foldOfRow: [Int]
  /// The number of folds; none is empty.
  public let count: Int

  /// Folds that were chosen elsewhere.
  ///
  /// - Parameter foldOfRow: any numbers; equal ones are one fold.
  /// - Throws: `LinearSolverError.tooFewForFolds` where they are all one.
  public init(foldOfRow: [Int]) throws(LinearSolverError) {
    let names = Set(foldOfRow).sorted()
    if names.count < 2 { throw .tooFewForFolds(found: names.count, grouped: false) }
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    self.foldOfRow = foldOfRow.compactMap { numbers[$0] }
    count = names.count
  }

  /// Folds of about the same size, and the same share of each class.
  ///
  /// - Parameters:
  ///   - labels: the class of each row; all the same number where there are none.
  ///   - folds: how many; fewer where there are fewer rows or groups.
  ///   - seed: which of many such divisions.
  ///   - groups: rows with the same number stay together; nil where each stands for itself.
  /// - Throws: `LinearSolverError.tooFewForFolds` where there are fewer than two rows, or groups.
  public init(
    stratifying labels: [Int], folds: Int, seed: UInt64, groups: [Int]? = nil
  ) throws(LinearSolverError) {
    if let groups, groups.count != labels.count {
      throw .wrongCount(what: "groups", found: groups.count, expected: labels.count)
    }
    if folds < 2 { throw .badSetting(name: "the number of folds", value: Double(folds)) }
    let classes = Dictionary(uniqueKeysWithValues: zip(Set(labels).sorted(), 0...))
    var rowsOfGroup: [Int: [Int]] = [:]
    for row in labels.indices { rowsOfGroup[groups?[row] ?? row, default: []].append(row) }
    if rowsOfGroup.count < 2 { throw .tooFewForFolds(found: rowsOfGroup.count, grouped: groups != nil) }
    let count = min(folds, rowsOfGroup.count)

    var generator = SeededGenerator(seed: seed, stream: 0x666f_6c64)
    var members = rowsOfGroup.keys.sorted().compactMap { rowsOfGroup[$0] }
    members.shuffle(using: &generator)
    func classCounts(_ rows: [Int]) -> [Int: Int] {
      rows.reduce(into: [:]) { $0[classes[labels[$1]] ?? 0, default: 0] += 1 }
    }
    let totals = classCounts(Array(labels.indices))
    // Large groups first: later ones even out what they do. Equal ones by their rarest class, and else as shuffled.
    let order = members.map { (rows: $0, counts: classCounts($0)) }.enumerated().sorted { one, other in
      let (first, second) = (one.element, other.element)
      if first.rows.count != second.rows.count { return first.rows.count > second.rows.count }
      let rarest = [first, second].map { $0.counts.keys.map { totals[$0] ?? 0 }.min() ?? 0 }
      return rarest[0] != rarest[1] ? rarest[0] < rarest[1] : one.offset < other.offset
    }
    var placed = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: count)
    var sizes = [Int](repeating: 0, count: count)
    var foldOfRow = [Int](repeating: 0, count: labels.count)
    for (_, group) in order {
      // Where its classes are rarest so far, each against how common it is; of equals the smallest fold, then the first.
      let crowding = placed.map { placed in
        group.counts.reduce(0.0) { $0 + Double($1.value * placed[$1.key]) / Double(totals[$1.key] ?? 1) }
      }
      let fold = (0..<count).min { (crowding[$0], sizes[$0], $0) < (crowding[$1], sizes[$1], $1) } ?? 0
      for row in group.rows { foldOfRow[row] = fold }
      for (label, number) in group.counts { placed[fold][label] += number }
      sizes[fold] += group.rows.count
    }
    self.foldOfRow = foldOfRow
    self.count = count
  }

  /// All rows, those of the first fold first, and where each fold lies in that order.
  var arrangement: (order: [Int], ranges: [Range<Int>]) {
    var (order, ranges): ([Int], [Range<Int>]) = ([], [])
    for fold in 0..<count {
      let start = order.count
      order += foldOfRow.indices.filter { foldOfRow[$0] == fold }
      ranges.append(start..<order.count)
    }
    return (order, ranges)
  }
}
