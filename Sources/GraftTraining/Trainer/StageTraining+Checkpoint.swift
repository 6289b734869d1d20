import GraftEngine
import GraftGraph
import GraftTensors

extension StageTraining {
  func trainedParameters() throws -> Parameters { try program.trainedParameters() }

  /// Replaces parameters that train.
  func load(_ parameters: Parameters) throws { try program.load(parameters) }

  /// All that a checkpoint needs beside the state: parameters, and what the optimizer remembers.
  func tensors() throws -> [String: Tensor] {
    try updater.tensors(program)
  }

  /// Goes on from parameters and from what `tensors` has returned, of this stage or of the one before.
  func restore(parameters: Parameters, _ tensors: [String: Tensor], _ state: TrainingState) throws {
    try program.load(parameters)
    try updater.restore(
      tensors, updates: state.updates, accumulatedWeight: state.accumulatedWeight, in: program)
    program.batchesRun = state.batchesRun
  }
}
