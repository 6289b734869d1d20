import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors

/// Trains what a plan names: the frozen prefix runs once for each image, the rest in every epoch.
public struct Trainer: Sendable {
  /// Backbone and head; its output are class probabilities.
  public let model: TrainedModel
  public let plan: FreezePlan
  public let configuration: TrainingConfiguration
  public let training: [Sample]
  public let validation: [Sample]

  /// - Parameters:
  ///   - model: what to start from; its graph ends with a softmax over the classes.
  ///   - training: images with labels in the order of the model's classes.
  /// - Throws: `TrainingError`: `invalidOption` where the configuration makes no sense, `labelOutOfRange` where an image
  ///   is of none of the model's classes.
  public init(
    _ model: TrainedModel, plan: FreezePlan, configuration: TrainingConfiguration, training: [Sample],
    validation: [Sample]
  ) throws(TrainingError) {
    try configuration.validate()
    guard !plan.trainableLayers.isEmpty else { throw .nothingTrains }
    for sample in training + validation {
      guard let label = sample.label, model.classes.indices.contains(label) else {
        throw .labelOutOfRange(path: sample.path, label: sample.label, classes: model.classes.count)
      }
    }
    self.model = model
    self.plan = plan
    self.configuration = configuration
    self.training = training
    self.validation = validation
  }

  /// Trains, telling what happens; ends with `.finished`.
  ///
  /// Cancelling the task that reads the events, or leaving its loop, stops the training after the current step: the
  /// events end there, without a result. Whoever wants the best epoch so far cancels a task that awaits `run` instead.
  public func events() -> AsyncThrowingStream<TrainingEvent, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task { @EngineActor in
        do {
          let session = try await TrainingSession(self) { continuation.yield($0) }
          continuation.yield(.finished(try await session.run()))
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Trains and returns what came of it. Where the task is cancelled, training stops after the current step, and the
  /// best epoch so far is the result.
  ///
  /// - Parameter report: called with each event, from the engine's thread.
  /// - Throws: `TrainingError` where the loss is no longer a number, no image can be read, or the task was cancelled before
  ///   the first epoch ended; `DatasetError` for an unreadable image when strict; `EngineError`.
  public func run(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> TrainingResult {
    try await EngineActor.run { try await TrainingSession(self, report: report).run() }
  }
}

extension TrainingConfiguration {
  func validate() throws(TrainingError) {
    func check(_ isValid: Bool, _ option: String, _ expected: String, _ found: Any) throws(TrainingError) {
      if !isValid { throw .invalidOption(option: option, expected: expected, found: "\(found)") }
    }
    try check(epochs > 0, "--epochs", "at least 1", epochs)
    try check(batch > 0, "--batch", "at least 1", batch)
    try check(learningRate > 0 && learningRate.isFinite, "--lr", "a positive number", learningRate)
    try check(weightDecay >= 0 && weightDecay.isFinite, "--weight-decay", "0 or more", weightDecay)
    guard let views else { return }
    try check(views > 0, "--views", "at least 1", views)
    try check(augmentation != nil, "--views", "no number without --augment, which alone makes views differ", views)
  }
}
