import Testing

@testable import GraftTraining

/// Which target images go with which labelled ones.
@Suite struct DomainPairsTests {
  @Test(arguments: [(5, 12, 4), (5, 12, 30), (3, 7, 2), (4, 4, 1), (8, 5, 7)])
  func `each batch is followed by as many targets, and all of these come before any comes again`(
    batch: Int, labelled: Int, targets: Int
  ) {
    let (sources, others) = (Array(0..<labelled), Array(labelled..<labelled + targets))
    let pairs = DomainPairs(seed: 3, targets: others)
    var drawn: [Int] = []
    for epoch in 0..<6 {
      let order = pairs.order(sources, batch: batch, before: epoch * labelled)
      #expect(order.count == 2 * labelled)
      var rest = order[...]
      for start in stride(from: 0, to: labelled, by: batch) {
        let count = min(batch, labelled - start)
        #expect(Array(rest.prefix(count)) == Array(sources[start..<start + count]))
        drawn += rest.dropFirst(count).prefix(count)
        rest = rest.dropFirst(2 * count)
      }
    }
    for start in stride(from: 0, through: drawn.count - targets, by: targets) {
      #expect(drawn[start..<start + targets].sorted() == others)
    }
    let (first, second) = (Array(drawn.prefix(targets)), Array(drawn.dropFirst(targets).prefix(targets)))
    if targets > 6 { #expect(first != others && first != second) }
  }

  @Test func `the order is a function of the seed and the place`() {
    func order(_ seed: UInt64, _ before: Int) -> [Int] {
      DomainPairs(seed: seed, targets: Array(20..<50)).order(Array(0..<20), batch: 5, before: before)
    }
    #expect(order(1, 40) == order(1, 40))
    #expect(order(1, 40) != order(2, 40) && order(1, 40) != order(1, 60))
    #expect(DomainPairs(seed: 1, targets: []).order([3, 1, 2], batch: 2, before: 0) == [3, 1, 2])
  }
}
