import GraftTensors

/// The size of the difference, mean over an image's values: `torch.nn.functional.l1_loss`
/// (https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html). Outliers pull no harder than anything else.
///
///     loss = |x − t|        ∂loss/∂x = sign(x − t), and 0 where they are equal
public struct MeanAbsoluteError: Loss, Hashable {
  public init() {}

  /// - Precondition: targets are values.
  public func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation {
    Regression.evaluate(outputs: outputs, targets: targets, weights: weights, loss: "mean absolute error") {
      (abs($0), Regression.sign($0))
    }
  }
}
