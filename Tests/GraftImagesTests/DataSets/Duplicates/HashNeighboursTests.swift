import GraftTensors
import Testing

@testable import GraftImages

struct HashNeighboursTests {
  @Test(arguments: [0, 3, 4, 7, 10, 15])
  func `the same pairs as by comparing each with each`(distance: Int) {
    var generator = SeededGenerator(seed: 8)
    // Clusters around a few centres, so that there are pairs at every distance, and equal hashes.
    let centres = (0..<12).map { _ in UInt64.random(in: 0...(.max), using: &generator) }
    let hashes = (0..<600).map { index -> UInt64 in
      (0..<Int.random(in: 0...12, using: &generator)).reduce(centres[index % 12]) { hash, _ in
        hash ^ 1 << UInt64.random(in: 0..<64, using: &generator)
      }
    }
    let neighbours = HashNeighbours(hashes, within: distance)
    for index in hashes.indices {
      var found: [Int] = []
      neighbours.earlier(than: index) { found.append($0) }
      let expected = (0..<index).filter { (hashes[$0] ^ hashes[index]).nonzeroBitCount <= distance }
      #expect(found.sorted() == expected)
    }
  }

  @Test func `sets that pairs join`() {
    var sets = DisjointSets(count: 7)
    for (first, second) in [(5, 6), (3, 1), (6, 3), (0, 0)] { sets.join(first, second) }
    #expect(sets.groups == [[1, 3, 5, 6]])
    #expect(sets.areJoined(1, 6) && !sets.areJoined(0, 1))
  }
}
