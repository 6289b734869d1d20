import Foundation
import GraftLearning
import Testing

/// What holds for every optimizer.
@Suite struct OptimizerTests {
  static var all: [any Optimizer] {
    OptimizerKind.allCases.map(\.optimizer) + [
      SGD(momentum: 0), SGD(nesterov: true), RMSprop(momentum: 0.9), RMSprop(centered: true),
      RMSprop(momentum: 0.5, centered: true), NAdam(decoupled: true),
    ]
  }

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

  @Test(arguments: OptimizerTests.all)
  func `no gradient and no decay leave a fresh parameter bit-identical`(optimizer: any Optimizer) {
    let before: [Float] = [1.5, -2.25, 0, 1e-20, 3e20]
    let after = before.updated(by: optimizer, gradient: [0, 0, 0, 0, 0], learningRate: 0.1)
    #expect(after == before)
  }

  @Test(arguments: OptimizerTests.all.filter { !($0 is LAMB || $0 is LARS) })
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
    arguments: [
      SGD(momentum: 0.5, nesterov: true), RMSprop(alpha: 0.5, centered: true), Adagrad(epsilon: 0.5),
      Adam(beta1: 0.5, epsilon: 1e-3), AdamW(beta2: 0.5), NAdam(momentumDecay: 0.5), Lion(beta1: 0.5), LAMB(beta2: 0.5),
      LARS(trust: 0.5),
    ] as [any Optimizer])
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
    #expect(RMSprop(momentum: 0.9, centered: true).stateNames == ["second_moment", "first_moment", "velocity"])
  }

  @Test func `a scalar of the state is one number whatever the parameter's length`() {
    #expect(NAdam().initialState(count: 3) == [[0, 0, 0], [0, 0, 0], [0]])
    #expect(NAdam().stateCountPerElement == 2)
    #expect(RMSprop(momentum: 0.9, centered: true).stateCountPerElement == 3)
  }

  @Test(arguments: OptimizerTests.all)
  func `a training that goes on from its state makes the same steps`(optimizer: any Optimizer) throws {
    let file = try OptimizerFixture.load()
    func steps(_ range: Range<Int>, _ parameter: inout [Float], _ state: inout [[Float]]) {
      for step in range {
        let gradient = file.gradients[step]
        var span = parameter.mutableSpan
        optimizer.update(
          &span, gradient: gradient.span, state: &state, step: step + 1, learningRate: 0.01,
          weightDecay: 0.1)
      }
    }
    var (parameter, state) = (file.initial, optimizer.initialState(count: file.initial.count))
    steps(0..<12, &parameter, &state)
    var (resumed, kept) = (file.initial, optimizer.initialState(count: file.initial.count))
    steps(0..<5, &resumed, &kept)
    // What a checkpoint keeps: names and arrays.
    let written = try JSONEncoder().encode(Dictionary(uniqueKeysWithValues: zip(optimizer.stateNames, kept)))
    let read = try JSONDecoder().decode([String: [Float]].self, from: written)
    kept = try optimizer.stateNames.map { try #require(read[$0]) }
    steps(5..<12, &resumed, &kept)
    #expect(resumed == parameter)
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
