import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftImport
import GraftPlanning
import GraftTensors
import GraftTraining

/// A pretrained network, the user's photographs, and what of the network may change.
///
/// ```swift
/// let tuning = try FineTuning(backbone, on: data, unfreeze: .head)
/// for try await event in tuning.events() {
///   if case .epochEnded(let epoch) = event { print(epoch.valAccuracy ?? epoch.valLoss) }
/// }
/// ```
public struct FineTuning: Sendable {
  public private(set) var trainer: Trainer
  /// The precision of the trainer's configuration, and why it was chosen.
  public private(set) var precisionChoice: PrecisionChoice
  public let unfreeze: LayerSelector
  public let data: ImageDatasets
  let source: Source
  let sourceRecord: RunRecord.Source

  /// Where the start came from, to compare the frozen tensors with afterwards.
  enum Source: Sendable {
    case backbone(Backbone)
    case run(URL)
  }

  /// Starts with a new head on a backbone.
  ///
  /// - Parameter batchNorm: how batch normalisations among the unfrozen layers behave; where nil, `train` on a backbone
  ///   of random numbers, and `affine` on a pretrained one.
  public init(
    _ backbone: Backbone, on data: ImageDatasets, unfreeze: LayerSelector = .head, batchNorm: BatchNormPolicy? = nil,
    pooling: FeaturePooling = .avg, dropout: Float = 0, resize: EvaluationView.Resize = .shorterSideAndCrop,
    configuration: TrainingConfiguration = TrainingConfiguration()
  ) throws {
    let model = try backbone.classifier(
      classes: data.classes, pooling: pooling, dropout: dropout, resize: resize, seed: configuration.seed)
    let policy = batchNorm ?? (backbone.isUntrained ? .train : .affine)
    try self.init(model, from: .backbone(backbone), data, unfreeze, policy, configuration)
  }

  /// Goes on from a run: its network, its head, its classes.
  ///
  /// - Throws: `FineTuningError.classesDiffer` where the photographs are of other classes than the run's.
  public init(
    continuing run: URL, on data: ImageDatasets, unfreeze: LayerSelector, batchNorm: BatchNormPolicy = .affine,
    configuration: TrainingConfiguration = TrainingConfiguration()
  ) throws {
    let model = try ModelFiles.read(from: run)
    guard model.classes == data.classes else {
      throw FineTuningError.classesDiffer(run: model.classes, data: data.classes)
    }
    try self.init(model, from: .run(run), data, unfreeze, batchNorm, configuration)
  }

  private init(
    _ model: TrainedModel, from source: Source, _ data: ImageDatasets, _ unfreeze: LayerSelector,
    _ batchNorm: BatchNormPolicy, _ configuration: TrainingConfiguration
  ) throws {
    let plan = try FreezePlan(unfreeze, graph: model.graph, head: model.head, batchNorm: batchNorm)
    trainer = try Trainer(
      model, plan: plan, configuration: configuration, training: data.training, validation: data.validation)
    precisionChoice = .asked(configuration.precision)
    self.unfreeze = unfreeze
    self.data = data
    self.source = source
    sourceRecord = try source.record()
  }

  /// The same training in the precision that suits the network and the photographs, as a `PrecisionTrial` on those to
  /// learn from finds. What it finds is remembered in the configuration's frontier cache, where there is one.
  ///
  /// - Throws: `EngineError`; `CancellationError`.
  public func choosingPrecision() async throws -> FineTuning {
    let trial = try PrecisionTrial(trainer.model)
    return try computing(await trial.choose(on: data.training, cache: trainer.configuration.frontierCache))
  }

  /// The same training in a precision that has been chosen, for the run's record to tell why.
  public func computing(_ choice: PrecisionChoice) throws -> FineTuning {
    var configuration = trainer.configuration
    configuration.precision = choice.precision
    var other = self
    other.precisionChoice = choice
    other.trainer = try Trainer(
      trainer.model, plan: plan, configuration: configuration, training: data.training, validation: data.validation)
    return other
  }

  public var plan: FreezePlan { trainer.plan }
  public var graph: LayerGraph { trainer.model.graph }
  public var trainableParameterCount: Int {
    plan.trainableParameters(of: graph).reduce(0) { $0 + $1.shape.count }
  }

  /// Whether the backbone's numbers are random.
  public var startsAtRandom: Bool {
    if case .backbone(let backbone) = source { backbone.isUntrained } else { false }
  }

  /// Trains, telling what happens; the last event is `.finished` with the result.
  public func events() -> AsyncThrowingStream<TrainingEvent, any Error> { trainer.events() }

  /// Trains and returns the result.
  public func run() async throws -> TrainingResult { try await trainer.run() }
}

public enum FineTuningError: Error, Hashable {
  case classesDiffer(run: [String], data: [String])
}

extension FineTuningError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .classesDiffer(let run, let data):
      "the run tells \(run.joined(separator: ", ")) apart, but the photographs are of \(data.joined(separator: ", ")); "
        + "begin anew with --backbone and --weights"
    }
  }

  public var errorDescription: String? { description }
}
