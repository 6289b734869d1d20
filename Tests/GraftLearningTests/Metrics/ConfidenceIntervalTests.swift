import GraftLearning
import GraftTensors
import Testing

@Suite struct ConfidenceIntervalTests {
  // statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson") and others; Newcombe (1998), table I.
  @Test func `Wilson's intervals are those of Newcombe's table`() throws {
    for (successes, count, lower, upper) in [
      (81.0, 263.0, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
    ] {
      let interval = try #require(ConfidenceInterval.wilson(successes: successes, count: count))
      #expect(abs(interval.lower - lower) < 5e-5 && abs(interval.upper - upper) < 5e-5)
    }
    #expect(ConfidenceInterval.wilson(successes: 0, count: 0) == nil)
    #expect(ConfidenceInterval.wilson(successes: 1, count: 1, level: 1) == nil)
  }

  @Test func `the bootstrap's interval of a mean is that of the normal approximation`() throws {
    var generator = SeededGenerator(seed: 3)
    let values = (0..<400).map { _ in Double(generator.nextUniform()) }
    let mean = values.reduce(0, +) / 400
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400).squareRoot()
    let interval = try #require(
      try ConfidenceInterval.bootstrap(count: 400, resamples: 2000, seed: 1) { indices in
        indices.reduce(0) { $0 + values[$1] } / Double(indices.count)
      })
    let half = 1.96 * spread / 20
    #expect(abs(interval.lower - (mean - half)) < half / 10)
    #expect(abs(interval.upper - (mean + half)) < half / 10)
  }

  @Test func `the seed decides, and a number that is seldom defined has no interval`() throws {
    func interval(_ seed: UInt64) throws -> ConfidenceInterval? {
      try .bootstrap(count: 10, resamples: 100, seed: seed) { Double($0.reduce(0, +)) }
    }
    #expect(try interval(1) == interval(1))
    #expect(try interval(1) != interval(2))
    #expect(try ConfidenceInterval.bootstrap(count: 5, seed: 1) { _ in nil } == nil)
    #expect(try ConfidenceInterval.bootstrap(count: 0, seed: 1) { _ in 1 } == nil)
  }
}
