import GraftEngine
import GraftGraph

/// An optimizer with its state for each parameter.
@EngineActor
public struct ParameterUpdater {
  private let optimizer: any Optimizer
  private let learningRate: Float
  private let weightDecay: Float
  private var states: [String: [[Float]]] = [:]
  private var step = 0

  public init(_ configuration: TrainingConfiguration) {
    optimizer = configuration.optimizer.optimizer
    learningRate = Float(configuration.learningRate)
    weightDecay = Float(configuration.weightDecay)
  }

  /// Moves every parameter that trains by the gradient of the last backward pass.
  public mutating func step(_ program: TrainingProgram) {
    step += 1
    program.updateParameters { specification, parameter, gradient in
      // Taken out while in use: a copy of the state would cost more than the step.
      var state = states.removeValue(forKey: specification.name) ?? optimizer.initialState(count: parameter.count)
      optimizer.update(
        &parameter, gradient: gradient, state: &state, step: step, learningRate: learningRate,
        weightDecay: specification.role.isKernel ? weightDecay : 0)
      states[specification.name] = state
    }
  }
}
