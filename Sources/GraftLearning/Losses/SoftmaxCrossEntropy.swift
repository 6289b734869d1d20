import Foundation
import GraftTensors

/// Cross-entropy between the softmax of the logits and one right class a sample, in nats.
///
/// For logits x and label y the loss is log Σ exp(xᵢ) − x_y, and its gradient softmax(x) − onehot(y). The largest logit is
/// subtracted first, so that no exponential overflows, and sums are kept in double precision; logits of ±10⁴ are no
/// trouble. A logit that is NaN, or plus infinity, makes its sample's loss and gradient NaN rather than hiding.
public struct SoftmaxCrossEntropy: Hashable, Sendable, Codable {
  public init() {}

  /// Losses and gradient of one batch.
  ///
  /// - Parameters:
  ///   - logits: `[N, classes]`, what precedes the softmax.
  ///   - labels: the right class of each of the first `labels.count` rows. Rows beyond are padding and do not count.
  /// - Precondition: at most N labels, each in `0 ..< classes`.
  public func evaluate(logits: Tensor, labels: [Int]) -> LossEvaluation {
    precondition(logits.shape.rank == 2, "logits of the shape \(logits.shape) where [N, classes] is expected")
    precondition(labels.count <= logits.shape[0], "\(labels.count) labels for \(logits.shape[0]) rows of logits")
    let classes = logits.shape[1]
    let scores = logits.floats
    var losses: [Float] = []
    var gradient = [Float](repeating: 0, count: scores.count)
    for (row, label) in labels.enumerated() {
      precondition(0..<classes ~= label, "label \(label) among \(classes) classes")
      let start = row * classes
      let maximum = Double(scores[start..<start + classes].reduce(-.infinity) { max($0, $1) })
      let exponentials = scores[start..<start + classes].map { exp(Double($0) - maximum) }
      let sum = exponentials.reduce(0, +)
      losses.append(Float(log(sum) + maximum - Double(scores[start + label])))
      for index in 0..<classes {
        let difference = exponentials[index] / sum - (index == label ? 1 : 0)
        gradient[start + index] = Float(difference / Double(labels.count))
      }
    }
    return LossEvaluation(losses: losses, gradient: Tensor(gradient, shape: logits.shape))
  }
}
