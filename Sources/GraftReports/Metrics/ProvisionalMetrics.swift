import Foundation
import GraftLearning

// What reports need until GraftLearning has its metrics; each is then a call there, and this file goes.
enum ProvisionalMetrics {
  /// Wilson's interval of 95 % for a share.
  static func wilson(_ count: Int, of total: Int) -> ClosedRange<Double>? {
    guard total > 0 else { return nil }
    let (z, n) = (1.959963984540054, Double(total))
    let share = Double(count) / n
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, middle - half)...min(1, middle + half)
  }

  static func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }

  static func f1(_ right: Int, predicted: Int, actual: Int) -> Double? { ratio(2 * right, predicted + actual) }

  static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// Ties count half; nil where one side has no sample.
  static func rocAUC(_ scores: [Float], _ isPositive: [Bool]) -> Double? {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    let positives = isPositive.count { $0 }
    guard positives > 0, positives < scores.count else { return nil }
    var (sum, start) = (0.0, 0)
    while start < order.count {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      if end == start { return nil }
      let rank = Double(start + 1 + end) / 2
      sum += rank * Double(order[start..<end].count { isPositive[$0] })
      start = end
    }
    let (p, n) = (Double(positives), Double(scores.count - positives))
    return (sum - p * (p + 1) / 2) / (p * n)
  }

  /// The area under precision over recall, by steps.
  static func averagePrecision(_ scores: [Float], _ isPositive: [Bool]) -> Double? {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    let positives = isPositive.count { $0 }
    guard positives > 0 else { return nil }
    var (sum, found, start) = (0.0, 0, 0)
    while start < order.count {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      if end == start { return nil }
      let more = order[start..<end].count { isPositive[$0] }
      found += more
      sum += Double(more) / Double(positives) * Double(found) / Double(end)
      start = end
    }
    return sum
  }

  /// Equal bins of the highest probability.
  static func bins(_ confidences: [(probability: Double, isRight: Bool)], count: Int) -> [ReliabilityPlot.Bin] {
    var sums = [(count: Int, probability: Double, right: Int)](repeating: (0, 0, 0), count: count)
    for (probability, isRight) in confidences where probability.isFinite {
      let bin = min(count - 1, max(0, Int((probability * Double(count)).rounded(.up)) - 1))
      sums[bin] = (sums[bin].count + 1, sums[bin].probability + probability, sums[bin].right + (isRight ? 1 : 0))
    }
    return sums.enumerated().map { index, sum in
      ReliabilityPlot.Bin(
        lower: Double(index) / Double(count), upper: Double(index + 1) / Double(count), count: sum.count,
        confidence: sum.count == 0 ? nil : sum.probability / Double(sum.count), accuracy: ratio(sum.right, sum.count))
    }
  }

  static func calibrationError(_ bins: [ReliabilityPlot.Bin]) -> Double? {
    let total = bins.reduce(0) { $0 + $1.count }
    guard total > 0 else { return nil }
    return bins.reduce(0) { sum, bin in
      sum + Double(bin.count) / Double(total) * abs((bin.confidence ?? 0) - (bin.accuracy ?? 0))
    }
  }

  /// Softmax of the logits over a temperature.
  static func tempered(_ probabilities: [Float], _ temperature: Double) -> [Double] {
    let logits = probabilities.map { log(Double(max($0, 1e-30))) / temperature }
    let greatest = logits.max() ?? 0
    let powers = logits.map { exp($0 - greatest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The temperature of the least log-loss, by golden section.
  static func temperature(_ rows: [(label: Int, probabilities: [Float])]) -> Double? {
    guard !rows.isEmpty, rows.allSatisfy({ $0.probabilities.allSatisfy(\.isFinite) }) else { return nil }
    func loss(_ logarithm: Double) -> Double {
      rows.reduce(0) { $0 - log(max(tempered($1.probabilities, exp(logarithm))[$1.label], 1e-300)) }
    }
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(0.05), log(20.0))
    var (inner, outer) = (high - golden * (high - low), low + golden * (high - low))
    var (innerLoss, outerLoss) = (loss(inner), loss(outer))
    for _ in 0..<30 {
      if innerLoss < outerLoss {
        (high, outer, outerLoss) = (outer, inner, innerLoss)
        inner = high - golden * (high - low)
        innerLoss = loss(inner)
      } else {
        (low, inner, innerLoss) = (inner, outer, outerLoss)
        outer = low + golden * (high - low)
        outerLoss = loss(outer)
      }
    }
    return exp((low + high) / 2)
  }

  static func logLoss(_ rows: [(label: Int, probabilities: [Float])]) -> Double? {
    mean(rows.map { -log(Double(max($0.probabilities[$0.label], Float.ulpOfOne))) })
  }
}
