/// Weights of what is and what it was taken for, and the numbers that follow from these alone.
struct ClassTable {
  let classes: Int
  /// `[classes][classes]`: rows are what is, columns what it was taken for.
  private(set) var counts: [[Double]]
  /// What was taken for nothing, because its scores are no numbers, by what it is.
  private(set) var undecided: [Double]
  /// Whether each class occurs, be it with weight zero.
  private var occurs: [Bool]

  init(classes: Int) {
    self.classes = classes
    counts = [[Double]](repeating: [Double](repeating: 0, count: classes), count: classes)
    undecided = [Double](repeating: 0, count: classes)
    occurs = [Bool](repeating: false, count: classes)
  }

  mutating func add(actual: Int, predicted: Int?, weight: Double) {
    occurs[actual] = true
    if let predicted {
      occurs[predicted] = true
      counts[actual][predicted] += weight
    } else {
      undecided[actual] += weight
    }
  }

  var total: Double { actual.reduce(0, +) }
  var right: Double { (0..<classes).reduce(0) { $0 + counts[$1][$1] } }
  var actual: [Double] { (0..<classes).map { counts[$0].reduce(undecided[$0], +) } }
  var predicted: [Double] { (0..<classes).map { column in counts.reduce(0) { $0 + $1[column] } } }

  var byClass: [PrecisionRecall] {
    let (actual, predicted) = (actual, predicted)
    return (0..<classes).map { PrecisionRecall(right: counts[$0][$0], taken: predicted[$0], support: actual[$0]) }
  }

  var averages: AveragedPrecisionRecall {
    let parts = byClass
    return AveragedPrecisionRecall(
      micro: PrecisionRecall(right: right, taken: predicted.reduce(0, +), support: total),
      macro: .mean(parts, weights: occurs.map { $0 ? 1 : 0 }), weighted: .mean(parts, weights: actual))
  }

  /// The mean recall of the classes that are there.
  var balancedAccuracy: Double? {
    let recalls = byClass.compactMap(\.recall)
    return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
  }

  /// Agreement beyond chance (Cohen, 1960): nil where there is one class only, and nothing was taken for another.
  var kappa: Double? {
    let (actual, predicted, total) = (actual, predicted, total)
    guard total > 0 else { return nil }
    let chance = zip(actual, predicted).reduce(0) { $0 + $1.0 * $1.1 } / total
    guard total - chance > 1e-12 * total else { return nil }
    return 1 - (total - right) / (total - chance)
  }

  /// Matthews's correlation, for any number of classes (Gorodkin, 2004): 0 where all is one class or all was taken for one,
  /// nil where both and the same.
  var matthews: Double? {
    let (actual, predicted, total) = (actual, predicted, total)
    let decided = occurs.count { $0 } > 1 || undecided.contains { $0 > 0 }
    guard total > 0, decided else { return nil }
    let taken = predicted + [undecided.reduce(0, +)]
    let covariance = right * total - zip(actual, predicted).reduce(0) { $0 + $1.0 * $1.1 }
    let spreads = [actual, taken].map { total * total - $0.reduce(0) { $0 + $1 * $1 } }
    if spreads.contains(where: { $0 <= 1e-12 * total * total }) { return 0 }
    return covariance / (spreads[0] * spreads[1]).squareRoot()
  }
}
