/// Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101), as `torch.optim.AdamW` computes it.
///
/// Each step first multiplies the parameter by 1 − learningRate · weightDecay and then moves it as Adam would without
/// decay: the moments never see the decay, so that parameters with large gradients decay as much as others.
public struct AdamW: Optimizer, Hashable {
  /// How much of the mean gradient survives a step.
  public var beta1: Double
  /// How much of the mean squared gradient survives a step.
  public var beta2: Double
  /// Added to the root of the mean square, against division by zero. Keras's default is 1e-7.
  public var epsilon: Double

  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
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
    AdamMoments(beta1: beta1, beta2: beta2, epsilon: epsilon).update(
      &parameter, gradient: gradient, state: &state, step: step, learningRate: learningRate,
      penalty: 0, shrinkage: Float(1 - Double(learningRate) * Double(weightDecay)))
  }
}
