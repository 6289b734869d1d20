import GraftTensors

/// The square of the difference, mean over an image's values: `torch.nn.functional.mse_loss`
/// (https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html).
///
///     loss = (x − t)²        ∂loss/∂x = 2 (x − t)
public struct MeanSquaredError: Loss, Hashable {
  public init() {}

  /// - Precondition: targets are values.
  public func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation {
    Regression.evaluate(outputs: outputs, targets: targets, weights: weights, loss: "mean squared error") {
      ($0 * $0, 2 * $0)
    }
  }
}
