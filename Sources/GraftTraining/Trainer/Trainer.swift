import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors

/// Trains what a plan names: the frozen prefix runs once for each image, the rest in every epoch.
public struct Trainer: Sendable {
  /// Backbone and heads.
  public internal(set) var model: TrainedModel
  /// What trains when, one after another.
  public let stages: [TrainingStage]
  public internal(set) var configuration: TrainingConfiguration
  public let training: [Sample]
  public let validation: [Sample]
  /// Whom the model learns from beside the labels; nil for labels alone.
  public let teacher: Teacher?
  /// Unlabelled photographs of another kind that the model is drawn near to; nil for none.
  public let target: TargetDomain?

  /// A training of one stage, which has the configuration's epochs and learning rate.
  public init(
    _ model: TrainedModel, plan: FreezePlan, configuration: TrainingConfiguration, training: [Sample],
    validation: [Sample], teacher: Teacher? = nil, target: TargetDomain? = nil
  ) throws(TrainingError) {
    let pull = DecayRule(weightDecay: configuration.weightDecay)
    let parameters = try? plan.parameterPlans(of: model.graph, head: model.head, decay: pull)
    try self.init(
      model,
      stages: [
        TrainingStage(
          plan: plan, epochs: configuration.epochs, learningRate: configuration.learningRate,
          parameters: parameters ?? [:])
      ],
      configuration: configuration, training: training, validation: validation, teacher: teacher,
      target: target)
  }

  /// - Parameters:
  ///   - model: what to start from; each output ends as its task demands: with a softmax over the classes, for one.
  ///   - stages: what trains when; their epochs and learning rates count, not the configuration's.
  ///   - training: images with a target for each of the model's tasks.
  ///   - teacher: tells the same classes apart. What it says of an image stands beside its label, and how the two are weighed the
  ///     configuration's loss says, `distillation`, which is meant where none is named. Validation goes by labels alone.
  ///   - target: as many of its photographs as labelled ones are seen in each step.
  /// - Throws: `TrainingError`: `invalidOption` where the configuration makes no sense, `unsuitedTarget` where an image has not what
  ///   the model's tasks need, `unsuitedTeacher`.
  public init(
    _ model: TrainedModel, stages: [TrainingStage], configuration: TrainingConfiguration, training: [Sample],
    validation: [Sample], teacher: Teacher? = nil, target: TargetDomain? = nil
  ) throws(TrainingError) {
    var configuration = configuration
    if teacher != nil, configuration.losses.isEmpty { configuration.losses = [LossConfiguration(.distillation)] }
    try configuration.validate()
    try configuration.validate(for: model.tasks)
    try configuration.validate(for: teacher, model, stages)
    try configuration.validate(for: target, model.tasks, stages)
    guard !stages.isEmpty, stages.allSatisfy({ !$0.plan.trainableLayers.isEmpty }) else { throw .nothingTrains }
    let targets = TaskTargets(model)
    for sample in training + validation {
      if let reason = targets.contradiction(in: sample) {
        throw .unsuitedTarget(path: sample.path, reason: reason)
      }
    }
    self.model = model
    self.stages = stages
    self.configuration = configuration
    self.training = training
    self.validation = validation
    self.teacher = teacher
    self.target = target
  }

  /// The same training, configured otherwise.
  ///
  /// - Throws: `TrainingError.invalidOption`.
  public func configured(_ configuration: TrainingConfiguration) throws(TrainingError) -> Trainer {
    try Trainer(
      model, stages: stages, configuration: configuration, training: training, validation: validation, teacher: teacher,
      target: target)
  }

  /// All images that steps are taken with: those to learn from, and those of the target domain.
  public var seen: [Sample] { training + (target?.samples ?? []) }

  /// Images that are computed together in a step: the configured batch, but never more than there are, and with a target domain as
  /// many again.
  public var imagesPerStep: Int { max(1, min(configuration.batch, training.count)) * (target == nil ? 1 : 2) }

  /// The network that a stage trains. Adapters that no stage has trained yet add nothing: their layers are as they were, and remembered
  /// as such.
  public func model(ofStage index: Int) throws -> TrainedModel {
    try model.keepingAdapters(beside: Set(stages[...index].flatMap(\.plan.adaptedLayers)))
  }

  /// Epochs of all stages together.
  public var epochs: Int { stages.reduce(0) { $0 + $1.epochs } }

  /// What trains in the last stage.
  public var plan: FreezePlan { stages[stages.count - 1].plan }

  /// What must come out of the training bit for bit as it went in: what is frozen in every stage, and no adapter is merged into.
  public var frozenParameters: [ParameterSpecification] {
    let adapted = model.adapters?.layers ?? []
    var frozen = plan.frozenParameters(of: model.graph).filter { $0.role != .kernel || !adapted.contains($0.layer) }
    for stage in stages.dropLast() {
      let others = Set(stage.plan.frozenParameters(of: model.graph))
      frozen.removeAll { !others.contains($0) }
    }
    return frozen
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
  /// - Parameters:
  ///   - checkpoints: where the training leaves what it needs to go on; nil for nowhere. One that goes on comes to the same
  ///     bytes as one that was never stopped, on the same machine.
  ///   - report: called with each event, from the engine's thread.
  /// - Throws: `TrainingError` where the loss is no longer a number, no image can be read, or the task was cancelled before
  ///   the first epoch ended; `DatasetError` for an unreadable image when strict; `EngineError`.
  public func run(
    checkpoints: CheckpointSettings? = nil, report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> TrainingResult {
    try await EngineActor.run {
      guard let checkpoints else { return try await TrainingSession(self, report: report).run() }
      let algorithms = KeptAlgorithms.opened(checkpoints, beside: ConvolutionAlgorithms.record)
      return try await ConvolutionAlgorithms.going(by: algorithms) {
        try await TrainingSession(self, checkpoints: checkpoints, report: report).run()
      }
    }
  }
}

extension TrainingConfiguration {
  /// - Throws: `TrainingError.invalidOption` where a number makes no sense.
  public func validate() throws(TrainingError) {
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
