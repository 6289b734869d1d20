import GraftLearning
import Testing

@Suite struct RegressionReportTests {
  @Test(arguments: try ReportsFixture.load().regression)
  func `every number equals scikit-learn's`(reference: ReportsFixture.Regression) {
    let report = RegressionReport(
      predictions: reference.predictions, truths: reference.truths, values: reference.values,
      weights: reference.weights)
    func numbers(_ errors: RegressionReport.Errors) -> [Double?] {
      [errors.meanAbsolute, errors.rootMeanSquare, errors.medianAbsolute, errors.explained]
    }
    expectEqual(report.byValue.flatMap(numbers), reference.byValue.flatMap(\.self))
    expectEqual(numbers(report.mean), reference.mean)
  }

  @Test func `a prediction that is no number leaves nothing to say about its value`() {
    let report = RegressionReport(predictions: [1, .nan, 2, 3], truths: [1, 1, 1, 1], values: 2)
    #expect(report.byValue[0].meanAbsolute == 0.5)
    #expect(report.byValue[1].meanAbsolute == nil && report.mean.meanAbsolute == nil)
    #expect(report.byValue[1].medianAbsolute == nil && report.byValue[1].explained == nil)
  }

  @Test func `of nothing nothing is said`() {
    let report = RegressionReport(predictions: [], truths: [], values: 1)
    #expect(report.mean.meanAbsolute == nil && report.mean.explained == nil && report.mean.medianAbsolute == nil)
  }
}
