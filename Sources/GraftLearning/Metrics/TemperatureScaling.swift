import Foundation

/// One number by which logits are divided, so that confidence is right on the average (Guo et al., 2017). Which class is most probable
/// does not change.
public struct TemperatureScaling: Hashable, Sendable, Codable {
  /// Above 1 where the network is too sure of itself.
  public let temperature: Double

  /// Temperatures that are looked at. Where everything is right there is no best one, and the lowest is taken.
  public static let range = 0.01...100.0

  public init(temperature: Double) {
    self.temperature = temperature
  }

  /// The temperature of the lowest log-loss; nil where there is no sample, or none whose logits are numbers.
  ///
  /// - Parameters:
  ///   - logits: `[labels.count, classes]`, of samples that were not trained on.
  ///   - labels: each sample's class.
  ///   - weights: how much each sample counts; all the same where nil.
  public init?(logits: [Float], labels: [Int], classes: Int, weights: [Double]? = nil) {
    precondition(logits.count == labels.count * classes, "\(logits.count) logits for \(labels.count) × \(classes)")
    let rows = labels.indices.filter { row in
      (weights?[row] ?? 1) > 0 && logits[row * classes..<(row + 1) * classes].allSatisfy(\.isFinite)
    }
    if rows.isEmpty { return nil }
    // In 1/T the loss is convex; its slope is the sum of (mean logit under the probabilities − right logit), and rises.
    func slope(_ inverse: Double) -> Double {
      rows.reduce(0) { sum, row in
        let row = (start: row * classes, label: labels[row], weight: weights?[row] ?? 1)
        let right = Double(logits[row.start + row.label])
        let maximum = logits[row.start..<row.start + classes].reduce(-.infinity, max)
        var (total, moment) = (0.0, 0.0)
        for logit in logits[row.start..<row.start + classes] {
          let share = exp(inverse * (Double(logit) - Double(maximum)))
          total += share
          // Distances from the right logit: large ones would leave no digits of their difference.
          moment += share * (Double(logit) - right)
        }
        return sum + row.weight * moment / total
      }
    }
    var (low, high) = (log(1 / Self.range.upperBound), log(1 / Self.range.lowerBound))
    if slope(exp(high)) <= 0 { low = high }
    if slope(exp(low)) >= 0 { high = low }
    for _ in 0..<60 where low < high {
      let middle = (low + high) / 2
      if slope(exp(middle)) > 0 { high = middle } else { low = middle }
    }
    temperature = exp(-(low + high) / 2)
  }

  /// Softmax of the logits over the temperature, `[n, classes]`.
  public func probabilities(logits: [Float], classes: Int) -> [Float] {
    stride(from: 0, to: logits.count, by: max(classes, 1)).flatMap { start in
      let row = logits[start..<start + classes]
      let maximum = Double(row.reduce(-.infinity, max))
      let exponentials = row.map { exp((Double($0) - maximum) / temperature) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { Float($0 / sum) }
    }
  }
}
