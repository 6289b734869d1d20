import GraftTensors

/// The loss of several heads whose outputs lie side by side in one tensor: a sum of theirs, each times a factor.
///
/// The mean over a batch is Σ factorₕ Sₕ / W, with Sₕ a head's sum over the images and one W for all heads, so that batches add up
/// as those of any loss do (`LossEvaluation`). W is what the heads' means divide by, and then the mean is Σ factorₕ meanₕ; where
/// class weights make that differ from head to head, it is the sum of the images' weights.
public struct CompositeLoss: Sendable {
  /// One head.
  public struct Head: Sendable {
    /// Where its outputs lie.
    public var columns: Range<Int>
    public var loss: any Loss
    /// How much it counts.
    public var factor: Double

    public init(columns: Range<Int>, loss: any Loss, factor: Double = 1) {
      self.columns = columns
      self.loss = loss
      self.factor = factor
    }
  }

  /// What the heads say about one batch.
  public struct Evaluation: Sendable {
    /// Of all heads together: the losses are the images' sums over heads, the gradient has the whole tensor's shape.
    public let total: LossEvaluation
    /// Of each head by itself, without its factor; their gradients are as wide as the heads.
    public let heads: [LossEvaluation]

    /// Each head's mean loss, without its factor; nil where nothing has any weight.
    public var headMeans: [Float?] { heads.map(\.mean) }
  }

  public let heads: [Head]

  /// - Precondition: columns that no two heads share. Columns of no head get no gradient.
  public init(_ heads: [Head]) {
    let ordered = heads.map(\.columns).sorted { $0.lowerBound < $1.lowerBound }
    precondition(
      zip(ordered, ordered.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "two heads share a column")
    self.heads = heads
  }

  /// Losses and gradient of one batch.
  ///
  /// - Parameters:
  ///   - outputs: `[N, width]`, all heads' outputs side by side.
  ///   - targets: what is right for each head, in the order of `heads`.
  ///   - weights: how much each image counts, for all heads; 1 where nil.
  /// - Precondition: as many targets as heads, all for the same number of images; columns within the outputs.
  public func evaluate(outputs: Tensor, targets: [Targets], weights: [Float]? = nil) -> Evaluation {
    precondition(targets.count == heads.count, "\(targets.count) targets for \(heads.count) heads")
    precondition(outputs.shape.rank == 2, "outputs of the shape \(outputs.shape) where [N, width] is expected")
    let images = targets.first?.count ?? 0
    precondition(targets.allSatisfy { $0.count == images }, "targets for \(targets.map(\.count)) images")
    let (rows, width, numbers) = (outputs.shape[0], outputs.shape[1], outputs.floats)
    let evaluations = zip(heads, targets).map { head, targets in
      precondition(head.columns.upperBound <= width, "columns \(head.columns) of outputs that are \(width) wide")
      let part = (0..<rows).flatMap { row in
        numbers[row * width + head.columns.lowerBound..<row * width + head.columns.upperBound]
      }
      return head.loss.evaluate(
        outputs: Tensor(part, shape: [rows, head.columns.count]), targets: targets, weights: weights)
    }
    let total = commonWeight(of: evaluations, weights: weights, images: images)
    var (gradient, losses) = ([Float](repeating: 0, count: numbers.count), [Double](repeating: 0, count: images))
    for (head, evaluation) in zip(heads, evaluations) {
      for image in 0..<images { losses[image] += head.factor * Double(evaluation.losses[image]) }
      guard total > 0 else { continue }
      let (part, scale) = (evaluation.gradient.floats, head.factor * (evaluation.totalWeight / total))
      for row in 0..<images {
        for (offset, column) in head.columns.enumerated() {
          gradient[row * width + column] = Float(scale * Double(part[row * head.columns.count + offset]))
        }
      }
    }
    let sum = zip(heads, evaluations).reduce(0) { $0 + $1.0.factor * $1.1.sum }
    return Evaluation(
      total: LossEvaluation(
        losses: losses.map { Float($0) }, gradient: Tensor(gradient, shape: outputs.shape), sum: sum, totalWeight: total
      ),
      heads: evaluations)
  }

  private func commonWeight(of evaluations: [LossEvaluation], weights: [Float]?, images: Int) -> Double {
    guard heads.count > 1 else { return evaluations.first?.totalWeight ?? 0 }
    return weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(images)
  }
}
