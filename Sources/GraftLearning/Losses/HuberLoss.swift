import GraftTensors

/// Squared for small differences and absolute for large ones, mean over an image's values (Huber, 1964):
/// `torch.nn.functional.huber_loss` (https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html).
///
/// With the difference d = x − t:
///
///     loss = d² / 2            ∂loss/∂x = d             where |d| ≤ δ
///     loss = δ (|d| − δ / 2)   ∂loss/∂x = δ sign(d)     beyond
public struct HuberLoss: Loss, Hashable {
  /// Where the one goes over into the other, above 0; in the unit of the values.
  public var delta: Double

  public init(delta: Double = 1) {
    self.delta = delta
  }

  /// - Precondition: targets are values.
  public func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation {
    Regression.evaluate(outputs: outputs, targets: targets, weights: weights, loss: "the Huber loss") { difference in
      let size = abs(difference)
      return size <= delta
        ? (difference * difference / 2, difference) : (delta * (size - delta / 2), delta * Regression.sign(difference))
    }
  }
}
