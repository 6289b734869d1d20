import GraftLearning
import Testing

@Suite struct SGDTests {
  // parameter 1, gradient 2, rate 0.5, momentum 0.5:
  // velocity 2, then 3; so 1 − 1 = 0, then 0 − 1.5.
  @Test func `momentum begins with the first gradient`() {
    let optimizer = SGD(momentum: 0.5)
    #expect([1].updated(by: optimizer, gradient: [2], learningRate: 0.5, steps: 1) == [0])
    #expect([1].updated(by: optimizer, gradient: [2], learningRate: 0.5, steps: 2) == [-1.5])
  }

  // 1 − 0.5 · (2 + 0.5 · 2) = −0.5, then −0.5 − 0.5 · (2 + 0.5 · 3) = −2.25.
  @Test func `Nesterov looks ahead by one more share of the velocity`() {
    let optimizer = SGD(momentum: 0.5, nesterov: true)
    #expect([1].updated(by: optimizer, gradient: [2], learningRate: 0.5, steps: 1) == [-0.5])
    #expect([1].updated(by: optimizer, gradient: [2], learningRate: 0.5, steps: 2) == [-2.25])
  }

  // 4 − 0.5 · (1 + 0.25 · 4) = 3.
  @Test func `decay adds its share of the parameter to the gradient`() {
    let after = [4].updated(by: SGD(momentum: 0), gradient: [1], learningRate: 0.5, weightDecay: 0.25)
    #expect(after == [3])
  }

  @Test func `Nesterov without momentum is plain descent`() {
    let after = [1].updated(by: SGD(momentum: 0, nesterov: true), gradient: [2], learningRate: 0.25)
    #expect(after == [0.5])
  }
}
