import Foundation
import GraftLearning
import Testing

@Suite struct ClassificationReportTests {
  @Test(arguments: try ReportsFixture.load().classification)
  func `every number equals scikit-learn's`(reference: ReportsFixture.Classification) {
    let report = ClassificationReport(
      probabilities: reference.probabilities, labels: reference.labels, classes: reference.classes,
      weights: reference.weights, top: reference.top)
    expectEqual(report.accuracy, reference.accuracy)
    if let expected = reference.topAccuracy { expectEqual(report.topAccuracy, expected) }
    expectEqual(report.balancedAccuracy, reference.balancedAccuracy)
    expectEqual(report.byClass.flatMap(\.numbers), reference.byClass.flatMap(\.self))
    expectEqual(report.averages, reference.averages)
    expectEqual(report.confusion.flatMap(\.self), reference.confusion.flatMap(\.self))
    expectEqual(report.areaUnderROCByClass, reference.areas)
    expectEqual(report.areaUnderROC, reference.area)
    expectEqual(report.weightedAreaUnderROC, reference.weightedArea)
    expectEqual(report.averagePrecisionByClass, reference.precisions)
    expectEqual(report.averagePrecision, reference.precision)
    expectEqual(report.logLoss, reference.logLoss)
    expectEqual(report.brierScore, reference.brier)
    expectEqual(report.kappa, reference.kappa)
    expectEqual(report.matthews, reference.matthews)
    expectEqual(report.calibration?.expectedError, reference.calibrationError)
  }

  @Test func `of nothing nothing is said`() {
    let report = ClassificationReport(probabilities: [], labels: [], classes: 3)
    #expect(report.count == 0 && report.accuracy == nil && report.logLoss == nil && report.calibration == nil)
    #expect(report.averages.macro.f1 == nil && report.kappa == nil && report.matthews == nil)
    #expect(report.areaUnderROC == nil && report.balancedAccuracy == nil && report.topAccuracy == nil)
    let weightless = ClassificationReport(probabilities: [0.9, 0.1], labels: [0], classes: 2, weights: [0])
    #expect(weightless.accuracy == nil && weightless.logLoss == nil && weightless.areaUnderROC == nil)
  }

  @Test func `a probability that is no number is never right`() {
    let report = ClassificationReport(
      probabilities: [.nan, .nan, 0.9, 0.1, 0.5, .nan], labels: [0, 0, 0], classes: 2, top: 2)
    #expect(report.accuracy == 1.0 / 3)
    #expect(report.topAccuracy == 1.0 / 3)
    #expect(report.undecided == [2, 0])
    #expect(report.byClass[0].recall == 1.0 / 3 && report.byClass[0].precision == 1)
    #expect(report.logLoss == nil && report.calibration == nil && report.areaUnderROC == nil)
    let lost = ClassificationReport(probabilities: [.nan, .nan], labels: [0], classes: 2)
    #expect(lost.accuracy == 0 && lost.averages.macro.f1 == 0 && lost.matthews == 0 && lost.kappa == 0)
  }

  @Test func `bins say how confident and how right their samples are`() throws {
    let report = ClassificationReport(
      probabilities: [0.7, 0.3, 0.71, 0.29, 0.0, 1.0], labels: [0, 1, 1], classes: 2)
    let calibration = try #require(report.calibration)
    #expect(calibration.bins.count == 15)
    let bin = calibration.bins[10]
    #expect(bin.weight == 2 && bin.accuracy == 0.5)
    expectEqual(bin.confidence, 0.705)
    #expect(calibration.bins[14].accuracy == 1 && calibration.bins[0].confidence == nil)
    expectEqual(calibration.expectedError, 0.41 / 3)
    expectEqual(calibration.largestError, 0.205)
  }

  @Test func `a report survives being written and read`() throws {
    let report = ClassificationReport(probabilities: [0.7, 0.3, 0.2, 0.8], labels: [0, 0], classes: 2)
    #expect(try JSONDecoder().decode(ClassificationReport.self, from: JSONEncoder().encode(report)) == report)
  }
}
