/// A rule that moves parameters against their gradients.
///
/// A small value without memory of its own: what it must remember from step to step lies in `state`, which the caller
/// keeps for each parameter. So one optimizer serves all parameters, and what is frozen has neither state nor updates.
///
/// The rule knows nothing of which parameters decay or how fast each learns: `weightDecay` and `learningRate` come with
/// every call, so that a plan can leave biases undecayed or give early layers a smaller rate.
public protocol Optimizer: Sendable, Codable {
  /// A name for each array of `state`, in order; checkpoints use them.
  var stateNames: [String] { get }

  /// Those of `stateNames` of which there is one number for the whole parameter, in an array of length 1, instead of one for
  /// each element. None where a rule does not say otherwise.
  var scalarStateNames: Set<String> { get }

  /// Makes one step, in place.
  ///
  /// - Parameters:
  ///   - parameter: the elements of one parameter, in any order.
  ///   - gradient: the gradient of the loss, in the same order.
  ///   - state: as many arrays as `stateNames`, each of the parameter's length or, if a scalar, of length 1; zeros before the
  ///     first step.
  ///   - step: 1 for the parameter's first update, 2 for its second, … A parameter that is unfrozen later starts at 1.
  ///   - learningRate: the step size.
  ///   - weightDecay: the pull towards zero; 0 for none. How it acts is the rule's own.
  /// - Precondition: lengths agree, and `step` is at least 1.
  func update(
    _ parameter: inout MutableSpan<Float>, gradient: Span<Float>, state: inout [[Float]], step: Int,
    learningRate: Float, weightDecay: Float)
}

extension Optimizer {
  public var scalarStateNames: Set<String> { [] }

  /// The state of a parameter that has never been updated.
  ///
  /// - Parameter count: the number of the parameter's elements.
  public func initialState(count: Int) -> [[Float]] {
    stateNames.map { [Float](repeating: 0, count: length(of: $0, count: count)) }
  }

  /// How many numbers the state has for each element of a parameter, scalars aside: what memory it takes.
  public var stateCountPerElement: Int { stateNames.count - scalarStateNames.count }

  private func length(of name: String, count: Int) -> Int { scalarStateNames.contains(name) ? 1 : count }

  /// Stops a caller whose arrays do not belong together. The loops rely on it: they check no bounds again.
  func requireAgreement(parameterCount: Int, gradient: Span<Float>, state: [[Float]], step: Int) {
    precondition(step >= 1, "step \(step): the first update is step 1")
    precondition(
      gradient.count == parameterCount, "a gradient of \(gradient.count) elements for a parameter of \(parameterCount)")
    precondition(
      state.count == stateNames.count, "\(state.count) state arrays where \(stateNames) are kept")
    precondition(
      zip(state, stateNames).allSatisfy { $0.count == length(of: $1, count: parameterCount) },
      "state of another length than the parameter's \(parameterCount)")
  }
}
