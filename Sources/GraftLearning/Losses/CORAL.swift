import Foundation
import GraftTensors

/// Correlation alignment: how far apart the covariances of two domains' features are, ‖Cₛ − Cₜ‖² / 4d² over d features.
///
/// Added to the loss of labelled source images, times a factor, it draws features of unlabelled target images towards theirs. Both
/// domains go through the same network, a batch of each in a step; what is compared is what the last layer reads.
///
/// Source: Sun and Saenko, arXiv:1607.01719, equations 1 to 6. Covariances are never formed: of n images a batch, n × n products of
/// rows tell all, in d · n² operations in place of d² · n. Sums are in double precision.
public struct CORAL: Hashable, Sendable, Codable {
  public struct Evaluation: Sendable {
    public let loss: Double
    /// Of the loss with respect to each domain's features, in their shapes.
    public let sourceGradient, targetGradient: Tensor
  }

  public init() {}

  /// Loss and gradients of one batch of each domain.
  ///
  /// A domain of fewer than two images has no covariance: the loss and both gradients are then zero.
  ///
  /// - Parameters:
  ///   - source: `[n, d]`, the labelled images' features.
  ///   - target: `[m, d]`, those of the others.
  /// - Precondition: both are matrices of the same width.
  public func evaluate(source: Tensor, target: Tensor) -> Evaluation {
    precondition(
      source.shape.rank == 2 && target.shape.rank == 2 && source.shape[1] == target.shape[1],
      "features of the shapes \(source.shape) and \(target.shape), where [n, d] and [m, d] are expected")
    guard source.shape[0] > 1, target.shape[0] > 1, source.shape[1] > 0 else {
      return Evaluation(
        loss: 0, sourceGradient: Tensor(zeros: source.shape), targetGradient: Tensor(zeros: target.shape))
    }
    let (one, other) = (CentredRows(source), CentredRows(target))
    let (ownOne, ownOther, cross) = (one.products(with: one), other.products(with: other), one.products(with: other))
    let width = Double(one.width)
    // ‖Cₛ‖² is ‖XₛXₛᵀ‖² / (n − 1)², and so on; rounding must not make a distance negative.
    let distance =
      squares(ownOne) / (one.degrees * one.degrees) + squares(ownOther) / (other.degrees * other.degrees)
      - 2 * squares(cross) / (one.degrees * other.degrees)
    let towardsOne = one.gradient(own: ownOne, cross: cross, isTransposed: false, other)
    let towardsOther = other.gradient(own: ownOther, cross: cross, isTransposed: true, one)
    return Evaluation(
      loss: max(distance, 0) / (4 * width * width), sourceGradient: Tensor(towardsOne, shape: source.shape),
      targetGradient: Tensor(towardsOther, shape: target.shape))
  }

  private func squares(_ numbers: [Double]) -> Double { LinearAlgebra.dot(numbers, numbers) }
}

/// One domain's features, each less its mean.
private struct CentredRows {
  let rows: [Double]
  let count, width: Int

  /// What the covariance divides by.
  var degrees: Double { Double(count - 1) }

  init(_ features: Tensor) {
    (count, width) = (features.shape[0], features.shape[1])
    var rows = features.floats.map { Double($0) }
    for column in 0..<width {
      var mean = 0.0
      for row in 0..<count { mean += rows[row * width + column] }
      mean /= Double(count)
      for row in 0..<count { rows[row * width + column] -= mean }
    }
    self.rows = rows
  }

  /// X · Yᵀ.
  func products(with other: CentredRows) -> [Double] {
    var result = [Double](repeating: 0, count: count * other.count)
    LinearAlgebra.multiply(
      rows, .asIs, other.rows, .transposed, into: &result, rows: count, columns: other.count, inner: width)
    return result
  }

  /// X (Cₓ − Cᵧ) / (d² (n − 1)): the products with rows, times rows. That rows are centred drops nothing: what is taken from each
  /// sums to zero over the images.
  func gradient(own: [Double], cross: [Double], isTransposed: Bool, _ other: CentredRows) -> [Float] {
    let scale = 1 / (Double(width) * Double(width) * degrees)
    var result = [Double](repeating: 0, count: count * width)
    LinearAlgebra.multiply(
      own, .asIs, rows, .asIs, scale: scale / degrees, into: &result, rows: count, columns: width, inner: count)
    LinearAlgebra.multiply(
      cross, isTransposed ? .transposed : .asIs, other.rows, .asIs, scale: -scale / other.degrees, add: 1,
      into: &result, rows: count, columns: width, inner: other.count)
    return result.map { Float($0) }
  }
}
