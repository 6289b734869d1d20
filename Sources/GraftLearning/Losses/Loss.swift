import GraftTensors

/// What is right for the images of one batch, as far as one head is concerned.
public enum Targets: Sendable {
  /// The right class of each image.
  case classes([Int])
  /// How probable each class is for each image, `[n, classes]`: rows of numbers from 0 to 1 that sum to 1, as mixed images,
  /// smoothed labels and a teacher have.
  case distributions(Tensor)
  /// Whether each label holds, `[n, labels]`: 0 or 1, or between the two where it is not certain.
  case labels(Tensor)
  /// The numbers to predict, `[n, values]`.
  case values(Tensor)

  /// How many images these are for.
  public var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .distributions(let rows), .labels(let rows), .values(let rows): rows.shape[0]
    }
  }
}

/// A measure of how wrong a head's outputs are, and which way is better.
///
/// What a head puts out is what precedes its last activation: logits for classes and labels, and the values themselves.
public protocol Loss: Sendable, Codable {
  /// Losses and gradient of one batch.
  ///
  /// - Parameters:
  ///   - outputs: `[N, width]`. Rows beyond the targets' are padding: they do not count, and their gradient is zero.
  ///   - targets: what is right for the first rows.
  ///   - weights: how much each image counts; all the same where nil.
  /// - Precondition: targets are of the kind that the loss is for, and as wide as the outputs.
  func evaluate(outputs: Tensor, targets: Targets, weights: [Float]?) -> LossEvaluation
}
