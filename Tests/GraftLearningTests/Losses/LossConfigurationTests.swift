import Foundation
import GraftLearning
import Testing

@Suite struct LossConfigurationTests {
  @Test func `words give losses with their settings`() throws {
    #expect(try LossConfiguration(parsing: "cross-entropy").loss() as? SoftmaxCrossEntropy == SoftmaxCrossEntropy())
    #expect(
      try LossConfiguration(parsing: "cross-entropy:smoothing=0.1").loss(weights: [1, 2]) as? SoftmaxCrossEntropy
        == SoftmaxCrossEntropy(smoothing: 0.1, classWeights: [1, 2]))
    #expect(
      try LossConfiguration(parsing: "focal:gamma=3,alpha=0.25").loss() as? FocalLoss
        == FocalLoss(gamma: 3, alpha: 0.25))
    #expect(
      try LossConfiguration(parsing: "BCE").loss(weights: [3]) as? BinaryCrossEntropy
        == BinaryCrossEntropy(positiveWeights: [3]))
    #expect(try LossConfiguration(parsing: "mse").loss() is MeanSquaredError)
    #expect(try LossConfiguration(parsing: "mae").loss() is MeanAbsoluteError)
    #expect(try LossConfiguration(parsing: "huber:delta=0.5").loss() as? HuberLoss == HuberLoss(delta: 0.5))
    #expect(
      try LossConfiguration(parsing: "distillation:temperature=2,alpha=0.5").loss() as? Distillation
        == Distillation(temperature: 2, alpha: 0.5))
  }

  @Test(arguments: [
    "cross-entropy", "cross-entropy:smoothing=0.1", "focal:gamma=1.5,alpha=0.25", "bce", "mse", "mae", "huber:delta=2",
    "distillation:smoothing=0.1,alpha=0.5,temperature=3",
  ])
  func `words and JSON say the same again`(text: String) throws {
    let configuration = try LossConfiguration(parsing: text)
    #expect(configuration.description == text)
    let json = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(LossConfiguration.self, from: json) == configuration)
  }

  @Test(arguments: [
    ("hinge", "“hinge” is no known loss; known are cross-entropy, focal, bce, mse, mae, huber, distillation"),
    ("mse:delta=1", "mse has no setting “delta”; it has none: write mse alone"),
    ("huber:delta=0", "huber's setting “delta” is 0; write a number above 0"),
    ("cross-entropy:smoothing=1.5", "cross-entropy's setting “smoothing” is 1.5; write a number from 0 to 1"),
    ("focal:gamma=-1", "focal's setting “gamma” is -1; write a number of at least 0"),
  ])
  func `what makes no sense is said in words`(text: String, message: String) {
    let error = #expect(throws: SettingsError.self) { try LossConfiguration(parsing: text) }
    #expect(error?.description == message)
  }

  @Test func `every loss says which targets it is for`() {
    #expect(LossKind.focal.targets == [.classes, .distributions, .labels])
    #expect(LossKind.allCases.filter { $0.targets.contains(.values) } == [.mse, .mae, .huber])
  }
}
