import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors
import Testing

@testable import GraftTraining

/// Options that suit none of the model's tasks are refused, not passed over.
@Suite struct ConfigurationTaskTests {
  private static let classes = PredictionTask.classification(classes: ["a", "b"])
  private static let labels = PredictionTask.multiLabel(labels: ["a", "b"])
  private static let values = PredictionTask.regression(values: ["a", "b"])

  /// A report in which every number of its kind is defined.
  private func report(_ task: PredictionTask) throws -> PredictionReport {
    let outputs: [[Float]] = [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]]
    let predictions = outputs.enumerated().map { index, output in
      let target: Target =
        switch task {
        case .classification: .oneClass(index % 2)
        case .multiLabel: .labels([index % 2])
        case .regression: .values([Float(index), 1 - Float(index)])
        }
      return Prediction(
        sample: Sample(url: URL(filePath: "/x"), path: "x", targets: [target]), tasks: [task], outputs: [output])
    }
    return try #require(PredictionReport(predictions))
  }

  @Test(arguments: [classes, labels, values])
  func `a metric suits a task where its report has the number`(task: PredictionTask) throws {
    let report = try report(task)
    for metric in MetricKind.allCases where metric != .loss {
      #expect(metric.suits(task) == (metric.value(in: report) != nil), "\(metric)")
    }
    #expect(MetricKind.loss.suits(task))
  }

  @Test(arguments: [
    ("mse", classes), ("cross-entropy", labels), ("bce", values), ("focal", values),
  ])
  func `a loss for none of the tasks`(loss: String, task: PredictionTask) throws {
    var configuration = TrainingConfiguration()
    configuration.losses = [try LossConfiguration(parsing: loss)]
    #expect(throws: TrainingError.self) { try configuration.validate(for: [task]) }
    try configuration.validate(for: [Self.classes, Self.labels, Self.values])
  }

  @Test func `metrics, samplers and weights for none of the tasks`() throws {
    var configuration = TrainingConfiguration()
    configuration.monitor = .r2
    #expect(throws: TrainingError.self) { try configuration.validate(for: [Self.classes]) }
    try configuration.validate(for: [Self.values])
    configuration = TrainingConfiguration()
    configuration.drawsClassesEqually = true
    #expect(throws: TrainingError.self) { try configuration.validate(for: [Self.values]) }
    try configuration.validate(for: [Self.classes])
    configuration = TrainingConfiguration()
    configuration.classWeights = .given([1, 2, 3])
    #expect(throws: TrainingError.self) { try configuration.validate(for: [Self.classes]) }
  }
}
