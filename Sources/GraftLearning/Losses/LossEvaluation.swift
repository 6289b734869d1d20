import GraftTensors

/// What a loss says about one batch.
///
/// Batches add up: over several, the mean is Σ `sum` / Σ `totalWeight`, and the gradient of that mean is
/// Σ `totalWeight` · `gradient` / Σ `totalWeight`, the same as of all their images in one batch.
public struct LossEvaluation: Sendable {
  /// The loss of each image, in the batch's order, whatever the image's weight.
  public let losses: [Float]
  /// The gradient of the batch's *mean* loss with respect to what the network put out: its shape, float32. Rows of
  /// padding are zero.
  public let gradient: Tensor
  /// The losses' sum, each times its image's weight.
  public let sum: Double
  /// What `sum` is divided by for the mean.
  public let totalWeight: Double

  /// - Parameters:
  ///   - losses: the loss of each image.
  ///   - gradient: of their mean.
  ///   - sum: of the losses by weight; nil where all count alike.
  ///   - totalWeight: what `sum` is divided by; nil for the number of losses.
  public init(losses: [Float], gradient: Tensor, sum: Double? = nil, totalWeight: Double? = nil) {
    self.losses = losses
    self.gradient = gradient
    self.sum = sum ?? losses.reduce(0) { $0 + Double($1) }
    self.totalWeight = totalWeight ?? Double(losses.count)
  }

  /// The mean over the images, by weight; nil where nothing has any weight.
  public var mean: Float? { totalWeight > 0 ? Float(sum / totalWeight) : nil }
}
