import Graft
import Testing

@Suite struct LayerTimesTests {
  @Test func `measured steps add up by layer and by what they leave`() {
    func step(_ pass: StepTiming.Pass, _ gradient: StepTiming.Gradient?, _ seconds: Double) -> StepTiming {
      StepTiming(
        layer: "a", kind: .convolution, gradient: gradient, pass: pass, implementation: "jit", seconds: seconds)
    }
    let times = LayerTimes(
      inference: [step(.forward, nil, 2), step(.forward, nil, 4)],
      training: [
        step(.forward, nil, 8), step(.backward, .input, 16), step(.backward, .parameters, 32),
        step(.backward, .all, 64), step(.backward, nil, 2),
      ], batch: 2, optimizerSeconds: 10, trainableParameters: 100)
    #expect(
      times
        == LayerTimes(
          [
            "a": .init(inference: 3, forward: 4, inputGradient: 8, parameterGradient: 16, bothGradients: 33)
          ], updateSecondsPerParameter: 0.1))
  }
}
