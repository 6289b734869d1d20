import Foundation

/// Adam that looks ahead along its momentum (Dozat, “Incorporating Nesterov Momentum into Adam”, ICLR workshop 2016), as
/// `torch.optim.NAdam` computes it (https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html).
///
/// At step t, with g the gradient plus weightDecay · parameter unless decay is decoupled:
///
///     μₜ        = beta1 · (1 − ½ · 0.96^(t · momentumDecay))
///     first     ← beta1 · first + (1 − beta1) · g
///     second    ← beta2 · second + (1 − beta2) · g²
///     direction = (1 − μₜ) g / (1 − μ₁ ⋯ μₜ) + μₜ₊₁ first / (1 − μ₁ ⋯ μₜ₊₁)
///     parameter ← parameter − learningRate · direction / (√(second / (1 − beta2ᵗ)) + epsilon)
///
/// The product of all μ so far is part of the state, so that a training that goes on takes the steps that it would have
/// taken.
public struct NAdam: Optimizer, Hashable {
  /// How much of the mean gradient survives a step.
  public var beta1: Double
  /// How much of the mean squared gradient survives a step.
  public var beta2: Double
  /// Added to the root of the mean square, against division by zero.
  public var epsilon: Double
  /// How fast the momentum rises to beta1.
  public var momentumDecay: Double
  /// Whether decay shrinks the parameter, as AdamW's, instead of joining the gradient.
  public var decoupled: Bool

  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, momentumDecay: Double = 4e-3,
    decoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    self.decoupled = decoupled
  }

  public var stateNames: [String] { AdamMoments.stateNames + ["momentum_product"] }
  public var scalarStateNames: Set<String> { ["momentum_product"] }

  public func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float
  ) {
    requireAgreement(parameterCount: parameter.count, gradient: gradient, state: state, step: step)
    let rate = Double(learningRate)
    let (momentum, next) = (momentum(at: step), momentum(at: step + 1))
    // The product of none is 1, which fresh state, zeros, does not say.
    let product = step == 1 ? momentum : Double(state[2][0]) * momentum
    state[2][0] = Float(product)
    var secondMoment = state.take(1)
    defer { state[1] = secondMoment }
    var first = state[0].mutableSpan
    var second = secondMoment.mutableSpan

    let along = Float(rate * (1 - momentum) / (1 - product))
    let ahead = Float(rate * next / (1 - product * next))
    let scale = Float(1 / (1 - beta2.power(step)).squareRoot())
    let (fresh1, kept2, fresh2) = (Float(1 - beta1), Float(beta2), Float(1 - beta2))
    let penalty = decoupled ? 0 : weightDecay
    let shrinkage = decoupled ? Float(1 - rate * Double(weightDecay)) : 1
    let epsilon = Float(self.epsilon)
    for index in parameter.indices {
      let value = parameter[index]
      let slope = gradient[index] + penalty * value
      let mean = first[index] + fresh1 * (slope - first[index])
      let square = kept2 * second[index] + fresh2 * (slope * slope)
      first[index] = mean
      second[index] = square
      let direction = along * slope + ahead * mean
      parameter[index] = shrinkage * value - direction / (square.vectorizableSquareRoot * scale + epsilon)
    }
  }

  private func momentum(at step: Int) -> Double {
    beta1 * (1 - 0.5 * pow(0.96, Double(step) * momentumDecay))
  }
}
