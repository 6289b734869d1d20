import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

/// What one look at the validation images gave.
struct ValidationPass {
  var sums = EpochSums()
  /// Image by image what precedes the heads' last layers, all heads side by side.
  var outputs: [Float] = []
  var samples: [Sample] = []
}

extension StageTraining {
  /// What the heads make of the validation images with the parameters as they are now.
  func validate(_ state: TrainingState, skip: (SkippedImage) -> Void) async throws -> ValidationPass {
    try await look(at: validation, state, skip: skip)
  }

  /// What the heads make of images as prediction would, with the parameters as they are now; against the labels alone.
  func look(
    at source: FrontierSource, _ state: TrainingState, skip: (SkippedImage) -> Void
  ) async throws -> ValidationPass {
    try evaluator.load(keptParameters())
    var pass = ValidationPass()
    let order = Array(source.samples.indices)
    try await source.forEachBatch(of: order, size: batch, skip: skip) { batch in
      try Task.checkCancellation()
      guard let outputs = try evaluator.run(batch.inputs)[evaluator.graph.outputs[0]] else { return }
      let step = objective.validated(outputs, batch.samples)
      // An epoch's last step shows here only.
      try requireFinite(step, state)
      pass.sums.add(step)
      pass.outputs += outputs.floats
      pass.samples += batch.samples
    }
    return pass
  }

  /// What validation sees and the best epoch keeps: the weights as they are, or their averages.
  func keptParameters() throws -> Parameters {
    var parameters = try program.trainedParameters()
    parameters.merge(try updater.averagedParameters(program))
    return parameters
  }

  /// Numbers of an epoch's record beside loss and accuracy.
  func metrics(_ pass: ValidationPass) -> [String: Double] {
    objective.targets.metrics(pass, monitor: configuration.monitor)
  }
}
