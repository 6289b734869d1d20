import GraftTraining

extension FineTuning {
  /// The same training with heads that tell values standardizing the features that they read, as measured on some of the
  /// photographs to learn from (`FeatureStandardization`). Of other trainings, and of one that goes on from a run, whose head has
  /// been measured then, itself.
  ///
  /// Without it a head reads features as they are, and the learning rate must suit their size.
  ///
  /// - Throws: `EngineError`; `CancellationError`.
  public func standardizingFeatures() async throws -> FineTuning {
    guard case .backbone = source,
      let found = try await FeatureStandardization(
        trainer.model, on: data.training, precision: trainer.configuration.precision)
    else { return self }
    return try standardizingFeatures(by: found)
  }

  /// The same training with a standardization that has been measured before.
  public func standardizingFeatures(by standardization: FeatureStandardization) throws -> FineTuning {
    var other = self
    other.featureStandardization = standardization
    other.trainer = try Trainer(
      trainer.model.standardizing(by: standardization), stages: trainer.stages, configuration: trainer.configuration,
      training: data.training, validation: data.validation, teacher: trainer.teacher, target: trainer.target)
    return other
  }
}
