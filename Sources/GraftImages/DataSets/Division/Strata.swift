import GraftGraph

/// What should be as frequent on each side of a division as in the whole: classes, labels, bins of values.
struct Strata {
  /// The strata that each sample belongs to.
  let members: [[Int]]
  let count: Int
  /// Whether each sample belongs to one stratum exactly.
  let isExclusive: Bool

  /// - Parameter bins: in how many ranges, equally full, values are cut at most; never more than ten.
  init(of samples: [Sample], tasks: [PredictionTask], bins: Int) {
    var members = [[Int]](repeating: [], count: samples.count)
    var offset = 0
    for (position, task) in tasks.enumerated() {
      let targets = samples.map { position < $0.targets.count ? $0.targets[position] : nil }
      switch task {
      case .classification, .multiLabel:
        for (index, target) in targets.enumerated() {
          switch target {
          case .oneClass(let label): members[index].append(offset + label)
          case .labels(let labels): members[index] += labels.sorted().map { offset + $0 }
          case .values, nil: break
          }
        }
        offset += task.names.count
      case .regression(let names):
        for column in names.indices {
          let values = targets.map { if case .values(let values) = $0 { values[column] } else { Float.zero } }
          let edges = Self.edges(of: values, bins: min(max(bins, 1), 10))
          for (index, value) in values.enumerated() {
            members[index].append(offset + edges.count { $0 <= value })
          }
          offset += edges.count + 1
        }
      }
    }
    self.members = members
    count = offset
    isExclusive = members.allSatisfy { $0.count == 1 }
  }

  /// Where one bin ends and the next begins; equal values fall into the same.
  private static func edges(of values: [Float], bins: Int) -> [Float] {
    let sorted = values.sorted()
    guard let least = sorted.first else { return [] }
    let edges = (1..<max(bins, 1)).map { sorted[$0 * sorted.count / bins] }
    return Set(edges).filter { $0 > least }.sorted()
  }
}
