/// Images of a data set that show the same.
public struct DuplicateGroup: Hashable, Sendable {
  /// Their positions, in order; two at least.
  public let members: [Int]
  /// Whether their files are the same, byte by byte.
  public let isExact: Bool
}

/// Finds pictures that are the same but for how they were saved: size, quality, format, brightness, contrast, a pixel or two
/// at the edges. Mirrored, turned or clearly cropped ones are not found.
///
/// Two pictures are the same where their hashes differ in at most `distance` bits and their thumbnails correlate by at least
/// `correlation`. How the two numbers were chosen, docs/ARCHITECTURE.md says.
public struct DuplicateSearch: Sendable {
  public var distance = 10
  public var correlation = 0.96

  public init() {}

  /// The groups, in the order of their first members.
  ///
  /// - Parameters:
  ///   - facts: of each image; nil where it cannot be read.
  ///   - hasSameBytes: whether two files whose digests are the same are so byte by byte.
  /// - Complexity: near linear for pictures that differ; the images of one group are compared with few others.
  /// - Throws: `CancellationError` when the task is cancelled.
  public func groups(
    among facts: [ImageFacts?], hasSameBytes: (Int, Int) -> Bool
  ) throws -> [DuplicateGroup] {
    var sets = DisjointSets(count: facts.count)
    let readable = facts.indices.filter { facts[$0] != nil }
    let fingerprints = facts.map { $0?.fingerprint }
    let exact = exactCopies(readable, facts, hasSameBytes)
    for (copy, original) in exact { sets.join(copy, original) }

    // Copies need not be looked at again.
    let unique = readable.filter { exact[$0] == nil }
    let neighbours = HashNeighbours(unique.map { fingerprints[$0]?.hash ?? 0 }, within: distance)
    for position in unique.indices {
      if position % 256 == 0 { try Task.checkCancellation() }
      let index = unique[position]
      guard let fingerprint = fingerprints[index] else { continue }
      neighbours.earlier(than: position) { other in
        // Of a group of many, one comparison is enough.
        guard !sets.areJoined(index, unique[other]), let second = fingerprints[unique[other]] else { return }
        if fingerprint.correlation(with: second) >= correlation { sets.join(index, unique[other]) }
      }
    }
    return sets.groups.map { members in
      let originals = Set(members.map { exact[$0] ?? $0 })
      return DuplicateGroup(members: members, isExact: originals.count == 1)
    }
  }

  /// For each file that is a copy of an earlier one, the first of them.
  private func exactCopies(
    _ readable: [Int], _ facts: [ImageFacts?], _ hasSameBytes: (Int, Int) -> Bool
  ) -> [Int: Int] {
    struct Key: Hashable {
      let byteCount: Int
      let digest: UInt64
    }
    var originals: [Key: [Int]] = [:]
    var copies: [Int: Int] = [:]
    for index in readable {
      guard let its = facts[index] else { continue }
      let key = Key(byteCount: its.byteCount, digest: its.digest)
      if let original = originals[key, default: []].first(where: { hasSameBytes($0, index) }) {
        copies[index] = original
      } else {
        originals[key, default: []].append(index)
      }
    }
    return copies
  }
}

/// Which of many things belong together, by pairs that do (union-find with path halving).
struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  private mutating func root(of index: Int) -> Int {
    var index = index
    while parents[index] != index {
      parents[index] = parents[parents[index]]
      index = parents[index]
    }
    return index
  }

  mutating func join(_ first: Int, _ second: Int) {
    let (first, second) = (root(of: first), root(of: second))
    // The earlier one leads, so that the same pairs give the same sets in whatever order they come.
    parents[max(first, second)] = min(first, second)
  }

  mutating func areJoined(_ first: Int, _ second: Int) -> Bool { root(of: first) == root(of: second) }

  /// Sets of two or more, in the order of their first members.
  var groups: [[Int]] {
    mutating get {
      var members: [Int: [Int]] = [:]
      for index in parents.indices { members[root(of: index), default: []].append(index) }
      return members.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
