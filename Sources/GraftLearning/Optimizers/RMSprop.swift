/// RMSprop (Tieleman and Hinton, lecture 6.5 of “Neural Networks for Machine Learning”, 2012), as `torch.optim.RMSprop` computes
/// it (https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html).
///
/// With g the gradient plus weightDecay · parameter (so decay is an L2 penalty):
///
///     square    ← alpha · square + (1 − alpha) · g²
///     mean      ← alpha · mean + (1 − alpha) · g                     centered: the square less mean² is what counts
///     direction = g / (√square + epsilon)
///     velocity  ← momentum · velocity + direction                    with momentum: the velocity is what counts
///     parameter ← parameter − learningRate · direction
///
/// Keras puts epsilon under the root, TensorFlow 1 did as well, and starts the square at 1.
public struct RMSprop: Optimizer, Hashable {
  /// How much of the mean squared gradient survives a step. Keras's default is 0.9, under the name of rho.
  public var alpha: Double
  /// Added to the root of the mean square, against division by zero.
  public var epsilon: Double
  /// The share of the velocity that survives a step; 0 for none, which keeps no velocity.
  public var momentum: Double
  /// Whether to divide by the standard deviation of the gradient instead of its root mean square (Graves,
  /// arXiv:1308.0850).
  public var centered: Bool

  public init(alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, centered: Bool = false) {
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
  }

  public var stateNames: [String] {
    ["second_moment"] + (centered ? ["first_moment"] : []) + (momentum == 0 ? [] : ["velocity"])
  }

  public func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float
  ) {
    requireAgreement(parameterCount: parameter.count, gradient: gradient, state: state, step: step)
    var squares = state.take(0)
    var means = centered ? state.take(1) : []
    var velocities = momentum == 0 ? [] : state.take(state.count - 1)
    defer {
      state[0] = squares
      if centered { state[1] = means }
      if momentum != 0 { state[state.count - 1] = velocities }
    }
    var square = squares.mutableSpan
    var mean = means.mutableSpan
    var velocity = velocities.mutableSpan
    let (kept, fresh) = (Float(alpha), Float(1 - alpha))
    let (epsilon, momentum) = (Float(self.epsilon), Float(self.momentum))

    // A loop for each combination, without questions inside.
    switch (centered, momentum != 0) {
    case (false, false):
      for index in parameter.indices {
        let slope = gradient[index] + weightDecay * parameter[index]
        square[index] = kept * square[index] + fresh * (slope * slope)
        parameter[index] -= learningRate * slope / (square[index].vectorizableSquareRoot + epsilon)
      }
    case (false, true):
      for index in parameter.indices {
        let slope = gradient[index] + weightDecay * parameter[index]
        square[index] = kept * square[index] + fresh * (slope * slope)
        velocity[index] = momentum * velocity[index] + slope / (square[index].vectorizableSquareRoot + epsilon)
        parameter[index] -= learningRate * velocity[index]
      }
    case (true, false):
      for index in parameter.indices {
        let slope = gradient[index] + weightDecay * parameter[index]
        square[index] = kept * square[index] + fresh * (slope * slope)
        mean[index] += fresh * (slope - mean[index])
        let variance = Self.variance(square[index], mean: mean[index])
        parameter[index] -= learningRate * slope / (variance.vectorizableSquareRoot + epsilon)
      }
    case (true, true):
      for index in parameter.indices {
        let slope = gradient[index] + weightDecay * parameter[index]
        square[index] = kept * square[index] + fresh * (slope * slope)
        mean[index] += fresh * (slope - mean[index])
        let variance = Self.variance(square[index], mean: mean[index])
        velocity[index] = momentum * velocity[index] + slope / (variance.vectorizableSquareRoot + epsilon)
        parameter[index] -= learningRate * velocity[index]
      }
    }
  }

  /// The mean square less the square of the mean. Where rounding makes it negative, for a gradient that does not change, it is 0:
  /// PyTorch's parameter becomes NaN.
  @inline(__always)
  private static func variance(_ square: Float, mean: Float) -> Float {
    let variance = square - mean * mean
    return variance < 0 ? 0 : variance
  }
}
