import GraftTensors

/// Divides whole groups, so that none is in two parts, with every stratum as near to its share in each part as whole groups
/// allow: the largest group first, each to where it brings the counts nearest to what is wanted, then single groups are moved
/// for as long as that helps.
struct GroupedDivision {
  private let strata: Strata
  private let shares: [Double]
  /// The samples of each group, in the order of the groups' names; a sample without one is a group of its own.
  private let groups: [[Int]]

  init(_ strata: Strata, groups names: [String?], shares: [Double]) {
    self.strata = strata
    self.shares = shares
    var named: [String: [Int]] = [:]
    var alone: [[Int]] = []
    for (index, name) in names.enumerated() {
      if let name { named[name, default: []].append(index) } else { alone.append([index]) }
    }
    groups = named.sorted { $0.key < $1.key }.map(\.value) + alone
  }

  /// The part of each sample.
  ///
  /// - Complexity: O(samples × parts), at most ten times.
  func parts(seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: StratifiedDivision.stream | 1 << 25)
    // Which of two groups of equal size goes first is all that chance decides.
    let drawn = groups.shuffled(using: &generator).enumerated()
      .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
    var counts = Counts(strata, shares: shares)
    let contents = drawn.map { counts.contents(of: $0) }
    var parts = contents.map { content in
      let part = shares.indices.min { counts.cost(of: content, to: $0) < counts.cost(of: content, to: $1) } ?? 0
      counts.add(content, to: part)
      return part
    }
    fillEmptyParts(&parts, contents, &counts)
    for _ in 0..<10 where !improve(&parts, contents, &counts) { break }
    var result = [Int](repeating: 0, count: strata.members.count)
    for (group, part) in zip(drawn, parts) { for index in group { result[index] = part } }
    return result
  }

  /// Gives each part that got nothing the smallest group of one that has two.
  private func fillEmptyParts(_ parts: inout [Int], _ contents: [Counts.Content], _ counts: inout Counts) {
    for part in shares.indices where counts.groups[part] == 0 {
      guard let group = parts.indices.last(where: { counts.groups[parts[$0]] > 1 }) else { return }
      counts.remove(contents[group], from: parts[group])
      counts.add(contents[group], to: part)
      parts[group] = part
    }
  }

  /// Moves groups to where they bring the counts nearer to what is wanted; whether any was moved.
  private func improve(_ parts: inout [Int], _ contents: [Counts.Content], _ counts: inout Counts) -> Bool {
    var hasMoved = false
    for group in parts.indices where counts.groups[parts[group]] > 1 {
      let (content, old) = (contents[group], parts[group])
      counts.remove(content, from: old)
      let costs = shares.indices.map { counts.cost(of: content, to: $0) }
      let best = costs.indices.min { costs[$0] < costs[$1] } ?? old
      // Less by more than rounding, or two equal places would exchange groups forever.
      let new = costs[best] < costs[old] - 1e-9 ? best : old
      counts.add(content, to: new)
      parts[group] = new
      if new != old { hasMoved = true }
    }
    return hasMoved
  }

  /// How many samples of each stratum each part has, and how many it should have.
  private struct Counts {
    /// Strata and how many of a group's samples belong to each; the last stratum is that of all samples.
    typealias Content = [(stratum: Int, count: Double)]

    private let strata: Strata
    private var present: [[Double]]
    private let wanted: [[Double]]
    private(set) var groups: [Int]

    init(_ strata: Strata, shares: [Double]) {
      self.strata = strata
      var totals = [Double](repeating: 0, count: strata.count)
      for stratum in strata.members.joined() { totals[stratum] += 1 }
      totals.append(Double(strata.members.count))
      wanted = shares.map { share in totals.map { share * $0 } }
      present = shares.map { _ in Array(repeating: 0, count: totals.count) }
      groups = shares.map { _ in 0 }
    }

    func contents(of group: [Int]) -> Content {
      var counts: [Int: Double] = [:]
      for index in group { for stratum in strata.members[index] { counts[stratum, default: 0] += 1 } }
      return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [(strata.count, Double(group.count))]
    }

    /// By how much Σ (present − wanted)² / wanted grows where a group joins a part.
    func cost(of content: Content, to part: Int) -> Double {
      content.reduce(0) { cost, entry in
        let (present, wanted) = (present[part][entry.stratum], wanted[part][entry.stratum])
        return cost + entry.count * (2 * (present - wanted) + entry.count) / wanted
      }
    }

    mutating func add(_ content: Content, to part: Int) {
      groups[part] += 1
      for (stratum, count) in content { present[part][stratum] += count }
    }

    mutating func remove(_ content: Content, from part: Int) {
      groups[part] -= 1
      for (stratum, count) in content { present[part][stratum] -= count }
    }
  }
}
