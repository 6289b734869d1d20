/// Adam whose step is scaled to each parameter's size, for large batches (You et al., “Large Batch Optimization for Deep
/// Learning”, arXiv:1904.00962, algorithm 2, with φ the identity).
///
/// With Adam's moments, corrected for bias:
///
///     direction = first / (√second + epsilon) + weightDecay · parameter
///     parameter ← parameter − learningRate · ‖parameter‖ / ‖direction‖ · direction
///
/// The ratio of norms is 1 where either is 0: fresh biases. Norms are those of the whole parameter, so that a parameter must
/// not be updated in pieces.
public struct LAMB: Optimizer, Hashable {
  /// How much of the mean gradient survives a step.
  public var beta1: Double
  /// How much of the mean squared gradient survives a step.
  public var beta2: Double
  /// Added to the root of the mean square, against division by zero.
  public var epsilon: Double

  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public var stateNames: [String] { AdamMoments.stateNames }

  public func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float
  ) {
    requireAgreement(parameterCount: parameter.count, gradient: gradient, state: state, step: step)
    var secondMoment = state.take(1)
    defer { state[1] = secondMoment }
    var first = state[0].mutableSpan
    var second = secondMoment.mutableSpan
    let firstScale = Float(1 / (1 - beta1.power(step)))
    let scale = Float(1 / (1 - beta2.power(step)).squareRoot())
    let (fresh1, kept2, fresh2) = (Float(1 - beta1), Float(beta2), Float(1 - beta2))
    let epsilon = Float(self.epsilon)
    // The direction's norm is needed before anything moves, so it is written down.
    var directions = [Float](repeating: 0, count: parameter.count)
    var direction = directions.mutableSpan
    for index in parameter.indices {
      let slope = gradient[index]
      let mean = first[index] + fresh1 * (slope - first[index])
      let square = kept2 * second[index] + fresh2 * (slope * slope)
      first[index] = mean
      second[index] = square
      direction[index] =
        mean * firstScale / (square.vectorizableSquareRoot * scale + epsilon) + weightDecay * parameter[index]
    }
    let norms = (parameter.span.sumOfSquares.squareRoot(), direction.span.sumOfSquares.squareRoot())
    let ratio = norms.0 > 0 && norms.1 > 0 ? norms.0 / norms.1 : 1
    let stepSize = Float(Double(learningRate) * ratio)
    for index in parameter.indices { parameter[index] -= stepSize * direction[index] }
  }
}
