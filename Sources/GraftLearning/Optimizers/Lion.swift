/// Lion, “evolved sign momentum” (Chen et al., “Symbolic Discovery of Optimization Algorithms”, arXiv:2302.06675, algorithm 2).
///
///     direction = sign(beta1 · moment + (1 − beta1) · gradient)
///     parameter ← parameter − learningRate · (direction + weightDecay · parameter)
///     moment    ← beta2 · moment + (1 − beta2) · gradient
///
/// Every element moves by the whole learning rate, so that the rate has to be 3 to 10 times smaller than AdamW's, and the decay
/// as much larger (section 5 of the paper). One number is kept for each element, where Adam keeps two.
public struct Lion: Optimizer, Hashable {
  /// The moment's share in the direction.
  public var beta1: Double
  /// How much of the moment survives a step.
  public var beta2: Double

  public init(beta1: Double = 0.9, beta2: Double = 0.99) {
    self.beta1 = beta1
    self.beta2 = beta2
  }

  public var stateNames: [String] { ["first_moment"] }

  public func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float
  ) {
    requireAgreement(parameterCount: parameter.count, gradient: gradient, state: state, step: step)
    var moment = state[0].mutableSpan
    let shrinkage = Float(1 - Double(learningRate) * Double(weightDecay))
    let (kept1, fresh1) = (Float(beta1), Float(1 - beta1))
    let (kept2, fresh2) = (Float(beta2), Float(1 - beta2))
    for index in parameter.indices {
      let slope = gradient[index]
      let mixed = kept1 * moment[index] + fresh1 * slope
      // Its own sign for zero and NaN, which then shows.
      let sign: Float = mixed > 0 ? 1 : mixed < 0 ? -1 : mixed
      parameter[index] = shrinkage * parameter[index] - learningRate * sign
      moment[index] = kept2 * moment[index] + fresh2 * slope
    }
  }
}
