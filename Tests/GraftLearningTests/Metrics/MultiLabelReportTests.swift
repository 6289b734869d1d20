import GraftLearning
import Testing

@Suite struct MultiLabelReportTests {
  @Test(arguments: try ReportsFixture.load().multiLabel)
  func `every number equals scikit-learn's`(reference: ReportsFixture.MultiLabel) {
    let report = MultiLabelReport(
      probabilities: reference.probabilities, truths: reference.truths, labels: reference.labels,
      weights: reference.weights)
    expectEqual(report.subsetAccuracy, reference.subsetAccuracy)
    expectEqual(report.hammingLoss, reference.hammingLoss)
    expectEqual(report.byLabel.flatMap(\.numbers), reference.byLabel.flatMap(\.self))
    expectEqual(report.averages, reference.averages)
    expectEqual(report.bySample.numbers, reference.bySample)
    expectEqual(report.areaUnderROCByLabel, reference.areas)
    expectEqual(report.areaUnderROC, reference.area)
    expectEqual(report.microAreaUnderROC, reference.microArea)
    expectEqual(report.averagePrecisionByLabel, reference.precisions)
    expectEqual(report.averagePrecision, reference.precision)
    expectEqual(report.microAveragePrecision, reference.microPrecision)
    expectEqual(report.rankingAveragePrecision, reference.rankingPrecision)
  }

  @Test func `a probability that is no number is wrong either way`() {
    let report = MultiLabelReport(probabilities: [.nan, .nan], truths: [true, false], labels: 2)
    #expect(report.hammingLoss == 1 && report.subsetAccuracy == 0)
    #expect(report.averages.micro.f1 == 0)
    #expect(report.areaUnderROC == nil && report.rankingAveragePrecision == nil)
  }

  @Test func `of nothing nothing is said`() {
    let report = MultiLabelReport(probabilities: [], truths: [], labels: 2)
    #expect(report.subsetAccuracy == nil && report.hammingLoss == nil && report.rankingAveragePrecision == nil)
    #expect(report.averages.macro.f1 == nil && report.bySample.f1 == nil && report.microAreaUnderROC == nil)
  }
}
