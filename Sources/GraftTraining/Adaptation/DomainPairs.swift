import GraftTensors

/// Which target images go with which batch of labelled ones: their own shuffled order, all of them before any comes again, for as
/// long as a training lasts. A function of the seed and of how many labelled images came before.
struct DomainPairs {
  let seed: UInt64
  /// The target images, as indices.
  let targets: [Int]

  /// “TARGET” in the highest bytes, which no epoch's number reaches.
  private static let stream: UInt64 = 0x5441_5247_4554_0000

  /// Each batch of labelled images, and after it as many target images.
  ///
  /// - Parameters:
  ///   - labelled: an epoch's labelled images in their order, as indices.
  ///   - before: how many labelled images earlier epochs had.
  func order(_ labelled: [Int], batch: Int, before: Int) -> [Int] {
    guard !targets.isEmpty else { return labelled }
    var order: [Int] = []
    order.reserveCapacity(2 * labelled.count)
    var round: (number: Int, order: [Int])?
    for start in stride(from: 0, to: labelled.count, by: batch) {
      let end = min(start + batch, labelled.count)
      order += labelled[start..<end]
      for place in before + start..<before + end {
        let number = place / targets.count
        if round?.number != number { round = (number, shuffled(round: number)) }
        if let round { order.append(round.order[place % targets.count]) }
      }
    }
    return order
  }

  private func shuffled(round: Int) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: Self.stream ^ UInt64(round))
    return targets.shuffled(using: &generator)
  }
}
