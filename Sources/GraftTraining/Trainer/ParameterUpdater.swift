import GraftEngine
import GraftGraph
import GraftLearning

/// An optimizer with its state for each parameter.
@EngineActor
public struct ParameterUpdater {
  private let optimizer: any Optimizer
  private let learningRate: Float
  private let weightDecay: Float
  private var states: [String: [[Float]]] = [:]
  private var step = 0
  /// The gradients of batches since the last step, each times its weight.
  private var sums: [String: [Float]] = [:]
  private var totalWeight: Float = 0

  public init(_ configuration: TrainingConfiguration) {
    optimizer = configuration.optimizer.optimizer
    learningRate = Float(configuration.learningRate)
    weightDecay = Float(configuration.weightDecay)
  }

  /// Adds the gradient of the last backward pass to those that the next step goes by: their mean, by weights.
  ///
  /// - Parameter weight: how many images it is the mean of.
  public mutating func accumulate(_ program: TrainingProgram, weight: Int) {
    totalWeight += Float(weight)
    program.updateParameters { specification, _, gradient in
      var sum = sums.removeValue(forKey: specification.name) ?? [Float](repeating: 0, count: gradient.count)
      for index in sum.indices { sum[index] += Float(weight) * gradient[index] }
      sums[specification.name] = sum
    }
  }

  /// Whether gradients wait for a step.
  public var hasAccumulated: Bool { totalWeight > 0 }

  /// Moves every parameter that trains: by the mean of the gradients that have been accumulated, or by the gradient of the last
  /// backward pass where none has.
  public mutating func step(_ program: TrainingProgram) {
    step += 1
    program.updateParameters { specification, parameter, gradient in
      // Taken out while in use: a copy of the state would cost more than the step.
      var state = states.removeValue(forKey: specification.name) ?? optimizer.initialState(count: parameter.count)
      let decay = specification.role.isKernel ? weightDecay : 0
      if hasAccumulated, var mean = sums.removeValue(forKey: specification.name) {
        for index in mean.indices { mean[index] /= totalWeight }
        optimizer.update(
          &parameter, gradient: mean.span, state: &state, step: step, learningRate: learningRate, weightDecay: decay)
        for index in mean.indices { mean[index] = 0 }
        sums[specification.name] = mean
      } else {
        optimizer.update(
          &parameter, gradient: gradient, state: &state, step: step, learningRate: learningRate, weightDecay: decay)
      }
      states[specification.name] = state
    }
    totalWeight = 0
  }
}
