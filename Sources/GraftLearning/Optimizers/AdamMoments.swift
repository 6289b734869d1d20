/// The part that Adam and AdamW share: running moments of the gradient, bias correction, and the step along them.
struct AdamMoments {
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  static let stateNames = ["first_moment", "second_moment"]

  /// One step of algorithm 1 of arXiv:1412.6980, arranged as in PyTorch.
  ///
  /// - Parameters:
  ///   - penalty: added to the gradient as penalty · parameter before the moments see it (Adam's weight decay).
  ///   - shrinkage: what the parameter is multiplied by before the step (AdamW's weight decay).
  func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, penalty: Float, shrinkage: Float
  ) {
    var secondMoment = state.take(1)
    defer { state[1] = secondMoment }
    var first = state[0].mutableSpan
    var second = secondMoment.mutableSpan
    // Constants are formed in double precision: in float32, 1 − 0.999 has lost four of its seven digits.
    let stepSize = Float(Double(learningRate) / (1 - beta1.power(step)))
    let scale = Float(1 / (1 - beta2.power(step)).squareRoot())
    let (fresh1, kept2, fresh2) = (Float(1 - beta1), Float(beta2), Float(1 - beta2))
    let epsilon = Float(self.epsilon)
    for index in parameter.indices {
      let value = parameter[index]
      let slope = gradient[index] + penalty * value
      let mean = first[index] + fresh1 * (slope - first[index])
      let square = kept2 * second[index] + fresh2 * (slope * slope)
      first[index] = mean
      second[index] = square
      parameter[index] = shrinkage * value - stepSize * mean / (square.vectorizableSquareRoot * scale + epsilon)
    }
  }
}
