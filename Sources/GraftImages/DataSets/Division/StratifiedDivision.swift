import GraftTensors

/// Divides each stratum by itself, so that photographs added to one leave the others' division as it was.
struct StratifiedDivision {
  private let strata: Strata
  private let parts: DivisionParts

  /// - Precondition: `strata` is exclusive.
  init(_ strata: Strata, parts: DivisionParts) {
    self.strata = strata
    self.parts = parts
  }

  /// The part of each sample: of a stratum that has two, at least one is in another part than the first, and never all of
  /// them; likewise at least one of three for the test.
  func parts(seed: UInt64) -> [Int] {
    var result = [Int](repeating: 0, count: strata.members.count)
    var members = [[Int]](repeating: [], count: strata.count)
    for (index, strata) in strata.members.enumerated() { members[strata[0]].append(index) }
    for stratum in members.indices {
      // Each class draws from a stream of its own.
      var generator = SeededGenerator(seed: seed, stream: Self.stream + UInt64(stratum))
      members[stratum].shuffle(using: &generator)
      for (index, part) in zip(members[stratum], dealt(members[stratum].count, stratum: stratum)) {
        result[index] = part
      }
    }
    return result
  }

  /// The parts of a stratum's members, in their drawn order. The validation images do not depend on whether there is a test.
  private func dealt(_ count: Int, stratum: Int) -> [Int] {
    guard count > 1 else { return Array(repeating: 0, count: count) }
    let hasTest = parts.sides.last == .test
    let wantedTest = hasTest ? max(Int((Double(count) * (parts.shares.last ?? 0)).rounded()), 1) : 0
    if let folds = parts.folds {
      let test = min(wantedTest, max(count - 2, 0))
      // The first fold differs by class, lest one fold get what is left over of all of them.
      return Array(repeating: folds, count: test) + (0..<count - test).map { ($0 + stratum) % folds }
    }
    let wanted = Int((Double(count) * parts.shares[1]).rounded())
    let validation = min(max(wanted, 1), count - 1)
    let test = min(wantedTest, count - 1 - validation)
    return Array(repeating: 1, count: validation) + Array(repeating: 2, count: test)
      + Array(repeating: 0, count: count - validation - test)
  }

  /// Keeps the draws for splitting apart from other uses of the same seed.
  static let stream: UInt64 = 0x5350_4c49_0000_0000
}
