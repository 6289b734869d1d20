import Foundation
import GraftLearning
import Testing

@Suite struct WeightAverageTests {
  @Test(arguments: try GradientsFixture.load().averages)
  func `averages equal those of PyTorch`(reference: GradientsFixture.Average) {
    var average = WeightAverage(reference.decay.map { .exponential(decay: $0) } ?? .equal)
    for (weights, wanted) in zip(reference.weights, reference.averages) {
      average.add(weights.span)
      let largest = wanted.map(abs).max() ?? 0
      for (found, wanted) in zip(average.values, wanted) { #expect(abs(found - wanted) <= 1e-6 * largest) }
    }
    #expect(average.count == 50)
  }

  @Test func `the first weights are taken as they are`() {
    var average = WeightAverage(.exponential(decay: 0.99))
    #expect(average.values == [])
    average.add([1.5, -2].span)
    #expect(average.values == [1.5, -2])
  }

  @Test(arguments: [WeightAveraging.equal, .exponential(decay: 0.75)])
  func `an average that goes on from what was kept is the same`(averaging: WeightAveraging) throws {
    let weights: [[Float]] = (0..<9).map { [Float($0 * $0), 1 / Float($0 + 1)] }
    var average = WeightAverage(averaging)
    for row in weights { average.add(row.span) }
    var first = WeightAverage(averaging)
    for row in weights[..<4] { first.add(row.span) }
    var resumed = try JSONDecoder().decode(WeightAverage.self, from: JSONEncoder().encode(first))
    #expect(resumed == WeightAverage(averaging, count: first.count, values: first.values))
    for row in weights[4...] { resumed.add(row.span) }
    #expect(resumed == average)
  }
}
