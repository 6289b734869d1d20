/// Stochastic gradient descent, with momentum as `torch.optim.SGD` computes it (dampening 0).
///
/// With g the gradient plus weightDecay · parameter (so decay is an L2 penalty):
///
///     velocity  ← momentum · velocity + g
///     parameter ← parameter − learningRate · velocity                    plain
///     parameter ← parameter − learningRate · (g + momentum · velocity)   Nesterov
///
/// The velocity starts at zero, so that after the first step it is the first gradient, as in PyTorch. Keras multiplies
/// the gradient by the learning rate before adding it to the velocity, which differs once the rate changes.
public struct SGD: Optimizer, Hashable {
  /// The share of the velocity that survives a step; 0 for plain gradient descent, which keeps no state.
  public var momentum: Double
  /// Whether to look ahead along the velocity (Sutskever et al., 2013). Without momentum it changes nothing.
  public var nesterov: Bool

  public init(momentum: Double = 0.9, nesterov: Bool = false) {
    self.momentum = momentum
    self.nesterov = nesterov
  }

  public var stateNames: [String] { momentum == 0 ? [] : ["velocity"] }

  public func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float
  ) {
    requireAgreement(parameterCount: parameter.count, gradient: gradient, state: state, step: step)
    guard momentum != 0 else {
      for index in parameter.indices {
        parameter[index] -= learningRate * (gradient[index] + weightDecay * parameter[index])
      }
      return
    }
    var velocity = state[0].mutableSpan
    // One loop for both rules: the step is ahead · velocity + own · g.
    let momentum = Float(self.momentum)
    let ahead = nesterov ? momentum : 1
    let own: Float = nesterov ? 1 : 0
    for index in parameter.indices {
      let decayed = gradient[index] + weightDecay * parameter[index]
      let next = momentum * velocity[index] + decayed
      velocity[index] = next
      parameter[index] -= learningRate * (ahead * next + own * decayed)
    }
  }
}
