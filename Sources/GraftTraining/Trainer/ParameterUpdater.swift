import GraftEngine
import GraftGraph
import GraftLearning
import GraftPlanning
import GraftTensors

/// An optimizer with its state for each parameter, and the gradients that wait for its next step.
@EngineActor
public struct ParameterUpdater {
  private let configuration: TrainingConfiguration
  private var states: [String: [[Float]]] = [:]
  /// How often each parameter has been updated.
  private(set) var updates: [String: Int] = [:]
  /// The gradients of batches since the last step, each times its weight.
  private var sums: [String: [Float]] = [:]
  private(set) var accumulatedWeight = 0.0

  public init(_ configuration: TrainingConfiguration) {
    self.configuration = configuration
  }

  /// Adds the gradient of the last backward pass to those that the next step goes by: their mean, by weights.
  ///
  /// - Parameter weight: of the images that it is the mean of, all together.
  public mutating func accumulate(_ program: TrainingProgram, weight: Double) {
    accumulatedWeight += weight
    program.updateParameters { specification, _, gradient in
      var sum = sums.removeValue(forKey: specification.name) ?? [Float](repeating: 0, count: gradient.count)
      let weight = Float(weight)
      for index in sum.indices { sum[index] += weight * gradient[index] }
      sums[specification.name] = sum
    }
  }

  /// Whether gradients wait for a step.
  public var hasAccumulated: Bool { accumulatedWeight > 0 }

  /// Moves every parameter that trains: by the mean of the gradients that have been accumulated, or by the gradient of the last
  /// backward pass where none has.
  public mutating func step(_ program: TrainingProgram, learningRate: Double) {
    let optimizer = configuration.optimizer.optimizer
    program.updateParameters { specification, parameter, gradient in
      let name = specification.name
      // Taken out while in use: a copy of the state would cost more than the step.
      var state = states.removeValue(forKey: name) ?? optimizer.initialState(count: parameter.count)
      let step = updates[name, default: 0] + 1
      let decay = specification.role.isKernel ? Float(configuration.weightDecay) : 0
      if hasAccumulated, var mean = sums.removeValue(forKey: name) {
        let weight = Float(accumulatedWeight)
        for index in mean.indices { mean[index] /= weight }
        optimizer.update(
          &parameter, gradient: mean.span, state: &state, step: step, learningRate: Float(learningRate),
          weightDecay: decay)
        for index in mean.indices { mean[index] = 0 }
        sums[name] = mean
      } else {
        optimizer.update(
          &parameter, gradient: gradient, state: &state, step: step, learningRate: Float(learningRate),
          weightDecay: decay)
      }
      states[name] = state
      updates[name] = step
    }
    accumulatedWeight = 0
  }
}

extension ParameterUpdater {
  /// What it remembers of each parameter, in the parameters' own shapes: under `optimizer/STATE/PARAMETER`, and the sums of gradients
  /// that wait under `gradients/PARAMETER`.
  func tensors(_ program: TrainingProgram) throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    let optimizer = configuration.optimizer.optimizer
    for (parameter, state) in states {
      for (name, elements) in zip(optimizer.stateNames, state) {
        result["optimizer/\(name)/\(parameter)"] =
          optimizer.scalarStateNames.contains(name)
          ? Tensor(elements, shape: [1]) : try program.tensor(elements, likeParameter: parameter)
      }
    }
    guard hasAccumulated else { return result }
    for (parameter, elements) in sums {
      result["gradients/\(parameter)"] = try program.tensor(elements, likeParameter: parameter)
    }
    return result
  }

  /// Goes on from what `tensors` has returned, of this program or of another that trains some of the same parameters; what is not
  /// there begins anew.
  mutating func restore(
    _ tensors: [String: Tensor], updates: [String: Int], accumulatedWeight: Double, in program: TrainingProgram
  ) throws {
    let optimizer = configuration.optimizer.optimizer
    let names = optimizer.stateNames
    for (parameter, count) in updates {
      let state = try names.compactMap { name -> [Float]? in
        guard let tensor = tensors["optimizer/\(name)/\(parameter)"] else { return nil }
        return optimizer.scalarStateNames.contains(name)
          ? tensor.floats : try program.elements(tensor, likeParameter: parameter)
      }
      guard state.count == names.count else { continue }
      states[parameter] = state
      self.updates[parameter] = count
    }
    guard accumulatedWeight > 0 else { return }
    self.accumulatedWeight = accumulatedWeight
    for (name, tensor) in tensors {
      guard let parameter = name.removing(prefix: "gradients/") else { continue }
      sums[parameter] = try program.elements(tensor, likeParameter: parameter)
    }
  }
}

extension String {
  func removing(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
