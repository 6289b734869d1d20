import Foundation
import GraftLearning
import Testing

/// What holds for every optimizer.
@Suite struct OptimizerTests {
  @Test(arguments: try OptimizerCase.all)
  func `a hundred steps equal those of PyTorch`(reference: OptimizerCase) throws {
    let file = try OptimizerFixture.load()
    let optimizer = try reference.optimizer
    var parameter = file.initial
    var state = optimizer.initialState(count: parameter.count)
    var compared = 0
    for (index, gradient) in file.gradients.enumerated() {
      var span = parameter.mutableSpan
      optimizer.update(
        &span, gradient: gradient.span, state: &state, step: index + 1,
        learningRate: reference.learningRates[index], weightDecay: reference.weightDecay)
      guard let recorded = file.recordedSteps.firstIndex(of: index + 1) else { continue }
      let expected = reference.recorded[recorded]
      let largest = expected.map(abs).max() ?? 0
      for (found, wanted) in zip(parameter, expected) {
        #expect(abs(found - wanted) <= 1e-5 * largest, "step \(index + 1): \(found) instead of \(wanted)")
      }
      compared += 1
    }
    #expect(compared == 6)
  }

  @Test(arguments: [SGD(momentum: 0), SGD(), SGD(nesterov: true), Adam(), AdamW()] as [any Optimizer])
  func `no gradient and no decay leave a fresh parameter bit-identical`(optimizer: any Optimizer) {
    let before: [Float] = [1.5, -2.25, 0, 1e-20, 3e20]
    let after = before.updated(by: optimizer, gradient: [0, 0, 0, 0, 0], learningRate: 0.1)
    #expect(after == before)
  }

  @Test(arguments: [SGD(momentum: 0), SGD(), SGD(nesterov: true), Adam(), AdamW()] as [any Optimizer])
  func `elements do not influence one another, in vectors or at their ends`(optimizer: any Optimizer) {
    let values = (0..<37).map { Float($0) / 7 - 2 }
    let gradient = (0..<37).map { Float($0 * $0 % 11) - 5 }
    let together = values.updated(by: optimizer, gradient: gradient, learningRate: 0.01, weightDecay: 0.1, steps: 3)
    for index in values.indices {
      let alone = [values[index]].updated(
        by: optimizer, gradient: [gradient[index]], learningRate: 0.01, weightDecay: 0.1, steps: 3)
      #expect(alone[0] == together[index])
    }
  }

  @Test(
    arguments: [SGD(momentum: 0.5, nesterov: true), Adam(beta1: 0.5, epsilon: 1e-3), AdamW(beta2: 0.5)]
      as [any Optimizer])
  func `settings survive being written and read`(optimizer: any Optimizer) throws {
    func roundTrip<Kind: Optimizer>(_ optimizer: Kind) throws -> any Optimizer {
      try JSONDecoder().decode(Kind.self, from: JSONEncoder().encode(optimizer))
    }
    let read = try roundTrip(optimizer)
    #expect(String(describing: read) == String(describing: optimizer))
  }

  @Test func `state has one array of zeros for each name`() {
    #expect(SGD(momentum: 0).initialState(count: 3) == [])
    #expect(SGD(momentum: 0.9).initialState(count: 3) == [[0, 0, 0]])
    #expect(Adam().initialState(count: 2) == [[0, 0], [0, 0]])
    #expect(AdamW().stateNames == ["first_moment", "second_moment"])
  }
}

extension [Float] {
  /// These numbers after some steps with one and the same gradient.
  func updated(
    by optimizer: any Optimizer, gradient: [Float], learningRate: Float, weightDecay: Float = 0, steps: Int = 1
  ) -> [Float] {
    var parameter = self
    var state = optimizer.initialState(count: count)
    for step in 1...steps {
      var span = parameter.mutableSpan
      optimizer.update(
        &span, gradient: gradient.span, state: &state, step: step, learningRate: learningRate, weightDecay: weightDecay)
    }
    return parameter
  }
}
