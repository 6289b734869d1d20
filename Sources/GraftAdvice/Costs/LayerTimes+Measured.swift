import GraftEngine
import GraftPlanning

extension LayerTimes {
  /// Layers' times out of programs whose every step was measured, as `StepBenchmark` does with `perStep`: the whole
  /// network as it predicts, and trained wholly, so that each of its gradients was.
  ///
  /// Steps that belong to no layer's name of their own count with the layer that they were merged into.
  ///
  /// - Parameters:
  ///   - inference, training: of one batch each.
  ///   - batch: images in it.
  ///   - optimizerSeconds: of a step, for `trainableParameters` numbers.
  ///   - frontierSecondsPerByte: what a frozen part takes beyond its layers, over the bytes that it leaves.
  public init(
    inference: [StepTiming], training: [StepTiming], batch: Int, optimizerSeconds: Double = 0,
    trainableParameters: Int = 0, frontierSecondsPerByte: Double = 0
  ) {
    var layers: [String: Seconds] = [:]
    let images = Double(max(batch, 1))
    for step in inference { layers[step.layer, default: Seconds()].inference += step.seconds / images }
    for step in training {
      let part: WritableKeyPath<Seconds, Double> =
        switch (step.pass, step.gradient) {
        case (.forward, _): \.forward
        case (.backward, .input?): \.inputGradient
        case (.backward, .parameters?): \.parameterGradient
        case (.backward, _): \.bothGradients
        }
      layers[step.layer, default: Seconds()][keyPath: part] += step.seconds / images
    }
    self.init(
      layers, updateSecondsPerParameter: trainableParameters > 0 ? optimizerSeconds / Double(trainableParameters) : 0,
      frontierSecondsPerByte: frontierSecondsPerByte)
  }
}
