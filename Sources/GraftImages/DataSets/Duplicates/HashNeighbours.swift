/// Finds which of many 64-bit hashes differ in a few bits, without comparing each with each: multi-index hashing (Norouzi,
/// Punjani and Fleet, “Fast Search in Hamming Space with Multi-Index Hashing”, 2012). Two hashes that differ in at most d bits
/// differ in at most d/4 bits in one of their four quarters, so only those that share nearly a quarter are compared.
struct HashNeighbours {
  private let hashes: [UInt64]
  private let distance: Int
  /// For each quarter, the hashes sorted by it, and where each value of it begins.
  private let order: [[Int32]]
  private let starts: [[Int32]]
  /// All 16-bit words with at most d/4 bits.
  private let masks: [UInt64]

  /// - Parameter distance: in how many bits two may differ, at most 15.
  init(_ hashes: [UInt64], within distance: Int) {
    precondition((0...15).contains(distance), "a distance of \(distance) bits")
    self.hashes = hashes
    self.distance = distance
    masks = (0..<UInt64(1 << 16)).filter { $0.nonzeroBitCount <= distance / 4 }
    var order: [[Int32]] = []
    var starts: [[Int32]] = []
    for quarter in 0..<4 {
      var counts = [Int32](repeating: 0, count: 1 << 16 + 1)
      for hash in hashes { counts[Int(Self.quarter(quarter, of: hash)) + 1] += 1 }
      for value in 1..<counts.count { counts[value] += counts[value - 1] }
      starts.append(counts)
      var sorted = [Int32](repeating: 0, count: hashes.count)
      for (index, hash) in hashes.enumerated() {
        let value = Int(Self.quarter(quarter, of: hash))
        sorted[Int(counts[value])] = Int32(index)
        counts[value] += 1
      }
      order.append(sorted)
    }
    (self.order, self.starts) = (order, starts)
  }

  private static func quarter(_ number: Int, of hash: UInt64) -> UInt64 { hash >> UInt64(16 * number) & 0xffff }

  /// The positions of all earlier hashes that differ from one in no more bits than may be; each once.
  func earlier(than index: Int, _ found: (Int) throws -> Void) rethrows {
    let hash = hashes[index]
    for quarter in 0..<4 {
      let value = Self.quarter(quarter, of: hash)
      for mask in masks {
        let neighbour = Int(value ^ mask)
        for position in Int(starts[quarter][neighbour])..<Int(starts[quarter][neighbour + 1]) {
          let other = Int(order[quarter][position])
          // Sorted by position too, so the rest are later ones.
          if other >= index { break }
          let difference = hash ^ hashes[other]
          if difference.nonzeroBitCount <= distance, isFirst(quarter, difference) { try found(other) }
        }
      }
    }
  }

  /// Whether no quarter before this one finds the same pair.
  private func isFirst(_ quarter: Int, _ difference: UInt64) -> Bool {
    (0..<quarter).allSatisfy { Self.quarter($0, of: difference).nonzeroBitCount > distance / 4 }
  }
}
