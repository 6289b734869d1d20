import GraftTensors

/// What a loss says about one batch.
public struct LossEvaluation: Sendable {
  /// The loss of each sample, in the batch's order.
  public let losses: [Float]
  /// The gradient of the batch's *mean* loss with respect to what the network put out: its shape, float32. Rows of
  /// padding are zero.
  public let gradient: Tensor

  public init(losses: [Float], gradient: Tensor) {
    self.losses = losses
    self.gradient = gradient
  }

  /// The mean over the samples; nil without any.
  public var mean: Float? {
    var mean = RunningMean()
    mean.add(losses)
    return mean.value.map { Float($0) }
  }
}
