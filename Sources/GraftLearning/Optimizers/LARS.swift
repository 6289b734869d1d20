/// SGD with momentum whose step is scaled to each parameter's size, for large batches (You, Gitman and Ginsburg, “Large Batch
/// Training of Convolutional Networks”, arXiv:1708.03888, algorithm 1).
///
///     local     = trust · ‖parameter‖ / (‖gradient‖ + weightDecay · ‖parameter‖)
///     velocity  ← momentum · velocity + learningRate · local · (gradient + weightDecay · parameter)
///     parameter ← parameter − velocity
///
/// The local rate is 1 where either norm is 0: fresh biases. Norms are those of the whole parameter, so that a parameter must
/// not be updated in pieces.
public struct LARS: Optimizer, Hashable {
  /// The share of the velocity that survives a step.
  public var momentum: Double
  /// How far a step may carry a parameter, in its own size.
  public var trust: Double

  public init(momentum: Double = 0.9, trust: Double = 0.001) {
    self.momentum = momentum
    self.trust = trust
  }

  public var stateNames: [String] { ["velocity"] }

  public func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float
  ) {
    requireAgreement(parameterCount: parameter.count, gradient: gradient, state: state, step: step)
    let size = parameter.span.sumOfSquares.squareRoot()
    let steepness = gradient.sumOfSquares.squareRoot()
    let local = size > 0 && steepness > 0 ? trust * size / (steepness + Double(weightDecay) * size) : 1
    let stepSize = Float(Double(learningRate) * local)
    let momentum = Float(self.momentum)
    var velocity = state[0].mutableSpan
    for index in parameter.indices {
      let next = momentum * velocity[index] + stepSize * (gradient[index] + weightDecay * parameter[index])
      velocity[index] = next
      parameter[index] -= next
    }
  }
}
