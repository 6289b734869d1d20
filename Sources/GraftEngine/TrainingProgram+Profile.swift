import GraftTensors

extension TrainingProgram {
  /// Runs as `forward` does, and measures every step. The output is that of `forward`, bit for bit.
  ///
  /// - Returns: the output, and a timing for each step in the order in which they run.
  public func profileForward(_ inputs: [String: Tensor]) throws -> (output: Tensor, steps: [StepTiming]) {
    var timings: [StepTiming] = []
    let output = try forward(inputs) { timings = try $0.executeTimed(.forward) }
    return (output, timings)
  }

  /// Runs as `backward` does, and measures every step. The gradients are those of `backward`, bit for bit.
  ///
  /// - Returns: a timing for each step in the order in which they run.
  public func profileBackward(_ gradient: Tensor) throws -> [StepTiming] {
    var timings: [StepTiming] = []
    try backward(gradient) { timings = try $0.executeTimed(.backward) }
    return timings
  }

  /// Runs as `forward` and then `backward` do, and measures the primitives alone: neither the loading of inputs and
  /// gradients, nor what the host computes, nor the reading of the output. Moving statistics move as they do in `forward`.
  ///
  /// - Parameter gradient: of the loss with respect to the output, `[n, …]`; given beforehand, because no loss is computed.
  /// - Returns: the seconds that the primitives took, one after another.
  public func timePrimitives(_ inputs: [String: Tensor], gradient: Tensor) throws -> Double {
    var seconds = 0.0
    _ = try forward(inputs) { seconds += try $0.executeTimingPrimitives() }
    try backward(gradient) { seconds += try $0.executeTimingPrimitives() }
    return seconds
  }
}
