import GraftTensors

extension InferenceProgram {
  /// Runs as `run` does, and measures every step. The outputs are those of `run`, bit for bit.
  ///
  /// - Returns: the outputs, and a timing for each step in the order in which they run.
  public func profile(_ inputs: [String: Tensor]) throws -> (outputs: [String: Tensor], steps: [StepTiming]) {
    var timings: [StepTiming] = []
    let outputs = try run(inputs) { timings = try $0.executeTimed(.forward) }
    return (outputs, timings)
  }

  /// Runs as `run` does, and measures the primitives alone: neither the loading of inputs nor what the host computes nor the
  /// reading of outputs.
  ///
  /// - Returns: the seconds that the primitives took, one after another.
  public func timePrimitives(_ inputs: [String: Tensor]) throws -> Double {
    var seconds = 0.0
    _ = try run(inputs) { seconds = try $0.executeTimingPrimitives() }
    return seconds
  }
}
