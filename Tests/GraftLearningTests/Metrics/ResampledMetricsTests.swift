import GraftLearning
import GraftTensors
import Testing

/// The intervals are those that the reports' own numbers have on the same draws.
@Suite struct ResampledMetricsTests {
  private func generator() -> SeededGenerator { SeededGenerator(seed: 3, stream: 1) }

  private func expectEqual(
    _ found: ConfidenceInterval?, _ count: Int, _ statistic: @escaping @Sendable ([Int]) -> Double?
  ) throws {
    let expected = try #require(
      try ConfidenceInterval.bootstrap(count: count, resamples: 200, seed: 0, statistic: statistic))
    let found = try #require(found)
    #expect(abs(found.lower - expected.lower) < 1e-12 && abs(found.upper - expected.upper) < 1e-12)
    #expect(found.lower < found.upper)
  }

  @Test func `of classes, the last of which nothing is taken for`() throws {
    var generator = generator()
    let labels = (0..<60).map { $0 % 4 }
    let predicted = labels.map {
      Double(generator.nextUniform()) < 0.7 ? min($0, 2) : Int.random(in: 0..<3, using: &generator)
    }
    let found = try ResampledMetrics.intervals(labels: labels, predicted: predicted, classes: 4, resamples: 200)
    @Sendable func report(_ indices: [Int]) -> ClassificationReport {
      ClassificationReport(
        probabilities: indices.flatMap { index in (0..<4).map { $0 == predicted[index] ? Float(1) : 0 } },
        labels: indices.map { labels[$0] }, classes: 4)
    }
    try expectEqual(found[.balancedAccuracy], 60) { report($0).balancedAccuracy }
    try expectEqual(found[.macroF1], 60) { report($0).averages.macro.f1 }
    try expectEqual(found[.kappa], 60) { report($0).kappa }
    try expectEqual(found[.matthews], 60) { report($0).matthews }
  }

  @Test func `of labels`() throws {
    var generator = generator()
    let truths = (0..<120).map { _ in Bool.random(using: &generator) }
    let predicted = truths.map { Double(generator.nextUniform()) < 0.8 ? $0 : !$0 }
    let found = try ResampledMetrics.intervals(truths: truths, predicted: predicted, labels: 3, resamples: 200)
    try expectEqual(found[.macroF1], 40) { indices in
      let places = indices.flatMap { $0 * 3..<$0 * 3 + 3 }
      return MultiLabelReport(
        probabilities: places.map { predicted[$0] ? 1 : 0 }, truths: places.map { truths[$0] }, labels: 3
      ).averages.macro.f1
    }
  }

  @Test func `of values`() throws {
    var generator = generator()
    let truths = (0..<50).map { _ in Double(generator.nextUniform()) }
    let predicted = truths.map { $0 + 0.3 * Double(generator.nextUniform()) }
    let found = try ResampledMetrics.intervals(truths: truths, predicted: predicted, resamples: 200)
    @Sendable func errors(_ indices: [Int]) -> RegressionReport.Errors {
      RegressionReport(
        predictions: indices.map { Float(predicted[$0]) }, truths: indices.map { Float(truths[$0]) }, values: 1
      ).mean
    }
    func expectNear(_ kind: MetricKind, _ value: @escaping @Sendable (RegressionReport.Errors) -> Double?) throws {
      let expected = try #require(
        try ConfidenceInterval.bootstrap(count: 50, resamples: 200, seed: 0) { value(errors($0)) })
      let interval = try #require(found[kind])
      // The report takes float32.
      #expect(abs(interval.lower - expected.lower) < 1e-5 && abs(interval.upper - expected.upper) < 1e-5)
    }
    try expectNear(.meanAbsoluteError) { $0.meanAbsolute }
    try expectNear(.rootMeanSquareError) { $0.rootMeanSquare }
    try expectNear(.r2) { $0.explained }
  }

  @Test func `what would take too long, or is no number, has none`() throws {
    let labels = [Int](repeating: 0, count: 60_000)
    #expect(try ResampledMetrics.intervals(labels: labels, predicted: labels, classes: 2).isEmpty)
    #expect(try ResampledMetrics.intervals(truths: [1, 2], predicted: [1, .nan]).isEmpty)
  }
}
