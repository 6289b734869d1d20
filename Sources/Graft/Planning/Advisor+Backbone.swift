import GraftAdvice
import GraftGraph
import GraftImages
import GraftTraining

extension Advisor {
  /// What to train of a backbone on photographs, with a new head on it.
  ///
  /// ```swift
  /// let advice = try await Advisor(backbone: backbone, data: data).advise(budget: 20 * 60)
  /// try advice.plan.write(to: URL(filePath: "plan.json"))
  /// ```
  ///
  /// - Throws: `AdviceError.notOneClassification`; `GraphError`.
  public init(
    backbone: Backbone, data: ImageDatasets, pooling: FeaturePooling = .avg,
    resize: EvaluationView.Resize = .shorterSideAndCrop, configuration: TrainingConfiguration = TrainingConfiguration()
  ) throws {
    try self.init(
      backbone.classifier(classes: data.classes, pooling: pooling, resize: resize, seed: configuration.seed),
      data: data, configuration: configuration)
  }
}
