import GraftLearning
import Testing

@Suite struct MetricKindTests {
  @Test func `every name is read back, with val_ before it or not`() {
    for kind in MetricKind.allCases {
      #expect(MetricKind(named: kind.description) == kind)
      #expect(MetricKind(named: "VAL-" + kind.rawValue.replacing("_", with: "-")) == kind)
    }
    #expect(MetricKind(named: "speed") == nil)
  }

  @Test func `higher is better of accuracies, lower of errors, and what is no number is worst`() {
    #expect(MetricKind.accuracy.isBetter(0.9, than: 0.8))
    #expect(MetricKind.loss.isBetter(0.8, than: 0.9))
    for kind in MetricKind.allCases {
      #expect(!kind.isBetter(.nan, than: 1) && kind.isBetter(1, than: .nan))
      #expect(!kind.isBetter(nil, than: 1) && kind.isBetter(1, than: nil))
      #expect(!kind.isBetter(1, than: 1) && !kind.isBetter(nil, than: nil))
    }
  }

  @Test func `takes its number from the report that has it`() throws {
    let classes = ClassificationReport(
      probabilities: [0.6, 0.4, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6], labels: [0, 1, 0, 1], classes: 2)
    #expect(MetricKind.accuracy.value(in: .classes(classes)) == 0.75)
    #expect(MetricKind.auc.value(in: .classes(classes)) == 0.5)
    #expect(MetricKind.macroF1.value(in: .classes(classes)) == classes.averages.macro.f1)
    #expect(MetricKind.r2.value(in: .classes(classes)) == nil)
    let labels = MultiLabelReport(probabilities: [0.9, 0.1, 0.9, 0.9], truths: [true, false, true, false], labels: 2)
    #expect(MetricKind.accuracy.value(in: .labels(labels)) == 0.75)
    #expect(MetricKind.subsetAccuracy.value(in: .labels(labels)) == 0.5)
    let values = RegressionReport(predictions: [1, 3], truths: [1, 2], values: 1)
    #expect(MetricKind.meanAbsoluteError.value(in: .values(values)) == 0.5)
    #expect(MetricKind.accuracy.value(in: .values(values)) == nil)
    // Each kind but the training's own loss is in one of them.
    for kind in MetricKind.allCases where kind != .loss {
      let reports: [PredictionReport] = [.classes(classes), .labels(labels), .values(values)]
      #expect(reports.contains { kind.value(in: $0) != nil }, "\(kind)")
    }
  }
}
