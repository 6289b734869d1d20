/// Where in one arena each of many buffers lies, so that those which are needed at the same time do not overlap.
///
/// Largest first, each at the lowest offset that is free for as long as it lives: “greedy by size” of arXiv:2001.03288.
struct ArenaPlan: Equatable {
  /// One buffer's need, from the first step that touches it to the last.
  struct Need: Equatable {
    let byteCount: Int
    let steps: ClosedRange<Int>
  }

  /// Every offset is a multiple of this: a cache line, which is also what the widest vectors want.
  static let alignment = 64

  /// In the order of the needs.
  private(set) var offsets: [Int]
  private(set) var byteCount = 0

  init(_ needs: [Need]) {
    offsets = [Int](repeating: 0, count: needs.count)
    // By offset, so that gaps show from the lowest on.
    var placed: [(offset: Int, end: Int, steps: ClosedRange<Int>)] = []
    for index in needs.indices.sorted(by: { (needs[$1].byteCount, $0) < (needs[$0].byteCount, $1) }) {
      let need = needs[index]
      let size = (need.byteCount + Self.alignment - 1) / Self.alignment * Self.alignment
      var offset = 0
      for other in placed where other.steps.overlaps(need.steps) {
        if offset + size <= other.offset { break }
        offset = max(offset, other.end)
      }
      offsets[index] = offset
      byteCount = max(byteCount, offset + size)
      let place = placed.partitioningIndex { $0.offset > offset }
      placed.insert((offset, offset + size, need.steps), at: place)
    }
  }

  /// What no plan can do with less: the most that is needed in one step.
  static func leastByteCount(_ needs: [Need]) -> Int {
    var changes: [Int: Int] = [:]
    for need in needs {
      changes[need.steps.lowerBound, default: 0] += need.byteCount
      changes[need.steps.upperBound + 1, default: 0] -= need.byteCount
    }
    var (live, most) = (0, 0)
    for step in changes.keys.sorted() {
      live += changes[step] ?? 0
      most = max(most, live)
    }
    return most
  }
}

extension Array {
  /// The first index whose element satisfies `isBeyond`, where none before one that does not follows it.
  fileprivate func partitioningIndex(where isBeyond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
