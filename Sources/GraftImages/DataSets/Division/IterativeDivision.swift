import GraftTensors

/// Divides samples with several labels so that each label is as frequent in every part as in the whole: iterative
/// stratification (Sechidis, Tsoumakas and Vlahavas, “On the Stratification of Multi-Label Data”, 2011, algorithm 1). The
/// rarest label goes first, each of its samples to the part that lacks it most.
struct IterativeDivision {
  private let strata: Strata
  private let shares: [Double]

  init(_ strata: Strata, shares: [Double]) {
    self.strata = strata
    self.shares = shares
  }

  /// The part of each sample.
  ///
  /// - Complexity: O(labels² + labels of all samples × parts).
  func parts(seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: StratifiedDivision.stream | 1 << 24)
    let order = strata.members.indices.shuffled(using: &generator)
    var holders = [[Int]](repeating: [], count: strata.count)
    for index in order { for label in strata.members[index] { holders[label].append(index) } }
    var remaining = holders.map(\.count)
    // How many more each part wants, of all and of each label.
    var wanted = shares.map { $0 * Double(order.count) }
    var wantedOfLabel = shares.map { share in holders.map { share * Double($0.count) } }
    var result = [Int?](repeating: nil, count: order.count)

    func assign(_ index: Int, to part: Int) {
      result[index] = part
      wanted[part] -= 1
      for label in strata.members[index] {
        wantedOfLabel[part][label] -= 1
        remaining[label] -= 1
      }
    }
    func neediest(_ needs: (Int) -> (Double, Double)) -> Int {
      var best = [0]
      for part in shares.indices.dropFirst() {
        if needs(part) > needs(best[0]) { best = [part] } else if needs(part) == needs(best[0]) { best.append(part) }
      }
      return best.count == 1 ? best[0] : best[Int(generator.next() % UInt64(best.count))]
    }

    while let rarest = holders.indices.filter({ remaining[$0] > 0 }).min(by: { remaining[$0] < remaining[$1] }) {
      for index in holders[rarest] where result[index] == nil {
        assign(index, to: neediest { (wantedOfLabel[$0][rarest], wanted[$0]) })
      }
    }
    for index in order where result[index] == nil { assign(index, to: neediest { (wanted[$0], 0) }) }
    return result.map { $0 ?? 0 }
  }
}
