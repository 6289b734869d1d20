import GraftTensors

/// A measure of how wrong a head's outputs are, and which way is better.
///
/// What a head puts out is what precedes its last activation: logits for classes and labels, and the values themselves.
///
/// Every loss gives image i a loss lᵢ and a weight: vᵢ, the caller's, times whatever weight the loss itself gives it (a
/// class's), which is in lᵢ already. A batch's loss is the mean by weights, Σ vᵢ lᵢ / Σ vᵢ wᵢ, as in PyTorch. It is summed in
/// double precision. `LossEvaluation` carries both sums, so that several batches add up to what one large batch gives.
public protocol Loss: Sendable, Codable {
  /// Losses and gradient of one batch.
  ///
  /// - Parameters:
  ///   - outputs: `[N, width]`. Rows beyond the targets' are padding: they do not count, and their gradient is zero.
  ///   - targets: what is right for the first rows.
  ///   - weights: how much each image counts, none below zero; 1 where nil. An image of weight 0 has no gradient.
  /// - Precondition: targets are of the kind that the loss is for, and as wide as the outputs.
  func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation
}

extension Loss {
  /// Losses and gradient of one batch in which all images count alike.
  public func evaluate(outputs: Tensor, targets: Targets) -> LossEvaluation {
    evaluate(outputs: outputs, targets: targets, weights: nil)
  }
}
