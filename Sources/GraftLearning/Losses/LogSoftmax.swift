import Foundation

/// The softmax of one row of logits, and what its logarithms need.
struct LogSoftmax {
  /// log Σ exp(xᵢ).
  let logSum: Double
  let probabilities: [Double]

  /// The largest logit is subtracted first, so that no exponential overflows.
  init(_ logits: some Collection<Float>, temperature: Double = 1) {
    let scaled = logits.map { Double($0) / temperature }
    let maximum = scaled.reduce(-.infinity) { max($0, $1) }
    let exponentials = scaled.map { exp($0 - maximum) }
    let sum = exponentials.reduce(0, +)
    logSum = log(sum) + maximum
    probabilities = exponentials.map { $0 / sum }
  }
}
