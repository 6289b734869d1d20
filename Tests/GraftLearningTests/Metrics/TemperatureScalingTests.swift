import GraftLearning
import Testing

@Suite struct TemperatureScalingTests {
  @Test(arguments: 0..<3)
  func `the temperature is the one that SciPy finds`(number: Int) throws {
    let reference = try ReportsFixture.load().temperature[number]
    let scaling = TemperatureScaling(
      logits: reference.logits, labels: reference.labels, classes: 4, weights: reference.weights)
    expectEqual(scaling?.temperature, reference.temperature, within: 1e-5)
  }

  @Test func `probabilities are the softmax of logits over the temperature`() {
    let probabilities = TemperatureScaling(temperature: 2).probabilities(logits: [2, 0, 1000, 0], classes: 2)
    expectEqual(Double(probabilities[0]), 0.7310585786)
    #expect(probabilities[2...] == [1, 0])
  }

  @Test func `where there is no best temperature the end of the range is taken`() {
    let right = TemperatureScaling(logits: [1, 0, 0, 1], labels: [0, 1], classes: 2)
    expectEqual(right?.temperature, TemperatureScaling.range.lowerBound)
    let wrong = TemperatureScaling(logits: [1, 0, 0, 1], labels: [1, 0], classes: 2)
    expectEqual(wrong?.temperature, TemperatureScaling.range.upperBound)
    #expect(TemperatureScaling(logits: [.nan, 0], labels: [0], classes: 2) == nil)
    #expect(TemperatureScaling(logits: [], labels: [], classes: 2) == nil)
  }
}
