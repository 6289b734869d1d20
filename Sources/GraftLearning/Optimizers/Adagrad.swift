/// Adagrad (Duchi, Hazan and Singer, JMLR 12, 2011), as `torch.optim.Adagrad` computes it
/// (https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html), without its own decay of the learning rate: that
/// is a schedule's.
///
/// With g the gradient plus weightDecay · parameter (so decay is an L2 penalty):
///
///     sum       ← sum + g²
///     parameter ← parameter − learningRate · g / (√sum + epsilon)
///
/// Keras starts the sum at 0.1 instead of 0.
public struct Adagrad: Optimizer, Hashable {
  /// Added to the root of the sum, against division by zero.
  public var epsilon: Double

  public init(epsilon: Double = 1e-10) {
    self.epsilon = epsilon
  }

  public var stateNames: [String] { ["squares"] }

  public func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float
  ) {
    requireAgreement(parameterCount: parameter.count, gradient: gradient, state: state, step: step)
    var sum = state[0].mutableSpan
    let epsilon = Float(self.epsilon)
    for index in parameter.indices {
      let slope = gradient[index] + weightDecay * parameter[index]
      sum[index] += slope * slope
      parameter[index] -= learningRate * slope / (sum[index].vectorizableSquareRoot + epsilon)
    }
  }
}
