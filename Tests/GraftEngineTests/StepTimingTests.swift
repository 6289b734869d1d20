import GraftEngine
import Testing

@Suite struct StepTimingTests {
  private static let timings = [
    StepTiming(layer: "conv", kind: .reorder, pass: .forward, implementation: "jit:uni", seconds: 1),
    StepTiming(layer: "conv", kind: .convolution, pass: .forward, implementation: "brgconv:avx2", seconds: 4),
    StepTiming(layer: "prelu", kind: .activation, pass: .forward, implementation: "ref:any", seconds: 2),
    StepTiming(
      layer: "prelu", kind: .activation, gradient: .all, pass: .backward, implementation: "ref:any", seconds: 8),
    StepTiming(
      layer: "conv", kind: .convolution, gradient: .parameters, pass: .backward, implementation: "jit:avx2", seconds: 16
    ),
  ]

  @Test func `a layer's steps add up, forward and backward apart`() {
    let layers = Self.timings.byLayer
    #expect(layers.map(\.key) == ["conv", "prelu"])
    #expect(layers.map(\.forward) == [5, 2])
    #expect(layers.map(\.backward) == [16, 8])
    #expect(layers.map(\.steps) == [3, 2])
    #expect(layers[0].implementations == ["jit:avx2", "brgconv:avx2", "jit:uni"])
    #expect(layers.map(\.hasReference) == [false, true])
    #expect(layers.reduce(0) { $0 + $1.seconds } == Self.timings.seconds)
  }

  @Test func `a kind's steps add up`() {
    let kinds = Self.timings.byKind
    #expect(kinds.map(\.key) == [.reorder, .convolution, .activation])
    #expect(kinds.map(\.seconds) == [1, 20, 10])
    #expect(kinds.reduce(0) { $0 + $1.steps } == Self.timings.count)
  }

  @Test func `each step has its own median over the runs`() {
    func run(_ seconds: Double...) -> [StepTiming] {
      zip(Self.timings, seconds).map { timing, seconds in
        var timing = timing
        timing.seconds = seconds
        return timing
      }
    }
    let medians = [StepTiming].medians(of: [run(1, 9), run(5, 2), run(3, 4)])
    #expect(medians.map(\.seconds) == [3, 4])
    #expect(medians.map(\.layer) == ["conv", "conv"])
  }
}
