import GraftLearning
import Testing

@Suite struct AdamTests {
  @Test func `the first step has the length of the learning rate whatever the gradient's size`() {
    let after = [1, 1, 1, 1].updated(by: Adam(), gradient: [1e-3, -1e-3, 1e6, -1e6], learningRate: 0.25)
    for (found, wanted) in zip(after, [0.75, 1.25, 0.75, 1.25] as [Float]) { #expect(abs(found - wanted) < 1e-5) }
  }

  // With a gradient of zero, Adam sees only the decay and steps by the whole rate; AdamW shrinks by rate · decay.
  @Test func `decay goes through Adam's moments and past AdamW's`() {
    let adam = [2].updated(by: Adam(), gradient: [0], learningRate: 0.5, weightDecay: 0.25)
    let adamW = [2].updated(by: AdamW(), gradient: [0], learningRate: 0.5, weightDecay: 0.25)
    #expect(abs(adam[0] - 1.5) < 1e-5)
    #expect(adamW == [1.75])
  }

  @Test func `without decay AdamW takes the same steps as Adam`() {
    let gradient: [Float] = [0.3, -7, 0]
    let start: [Float] = [1, 2, 3]
    let adam = start.updated(by: Adam(), gradient: gradient, learningRate: 0.1, steps: 5)
    #expect(start.updated(by: AdamW(), gradient: gradient, learningRate: 0.1, steps: 5) == adam)
    #expect(adam != start)
  }

  // 1e30 squared is infinite in float32; PyTorch's parameter stays where it is, too.
  @Test func `a gradient whose square overflows moves nothing`() {
    #expect([1].updated(by: Adam(), gradient: [1e30], learningRate: 0.1) == [1])
  }

  @Test func `a gradient that is NaN shows in the parameter`() {
    let after = [1].updated(by: Adam(), gradient: [.nan], learningRate: 0.1)
    #expect(after[0].isNaN)
  }
}
