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
  public internal(set) var trainer: Trainer
  /// The precision of the trainer's configuration, and why it was chosen.
  public private(set) var precisionChoice: PrecisionChoice
  /// What heads that tell values do to features first; nil where none do, and until `standardizingFeatures`.
  public internal(set) var featureStandardization: FeatureStandardization?
  /// What trains when, how fast, and towards what.
  public let transfer: TransferPlan
  /// What computes the head before anything trains; nil where it trains.
  public let solver: HeadSolver?
  /// Why this plan, for the run's record.
  public var reasons: [String] = []
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
    let policy = batchNorm ?? (backbone.isUntrained ? .train : .affine)
    try self.init(
      backbone, on: data,
      plan: TransferPlan(
        StagedPlan(unfreeze), batchNorm: BatchNormRules(policy),
        decay: DecayRule(weightDecay: configuration.weightDecay)),
      pooling: pooling, dropout: dropout, resize: resize, configuration: configuration)
  }

  /// Starts with new heads on a backbone, one for each of the data's tasks.
  ///
  /// - Parameters:
  ///   - plan: what trains when, how fast, and towards what.
  ///   - solver: computes the head before anything trains, in place of the training where only the head is to train.
  ///   - hidden: units of dense layers with ReLU before each head's last.
  ///   - headKind: what each head's last layer is.
  ///   - teacher: whom it learns from beside the labels.
  ///   - target: unlabelled photographs of another kind that it is drawn near to.
  public init(
    _ backbone: Backbone, on data: ImageDatasets, plan: TransferPlan, solver: HeadSolver? = nil,
    pooling: FeaturePooling = .avg, dropout: Float = 0, hidden: [Int] = [], headKind: Head.Kind = .linear,
    resize: EvaluationView.Resize = .shorterSideAndCrop,
    configuration: TrainingConfiguration = TrainingConfiguration(), teacher: Teacher? = nil,
    target: TargetDomain? = nil
  ) throws {
    let heads = data.tasks.enumerated().map { index, task in
      Head(
        task, kind: headKind, name: data.tasks.count > 1 ? "\(index + 1)" : "", dropout: dropout, hidden: hidden,
        scaling: ValueScaling(of: task, at: index, in: data.training),
        standardizesFeatures: task.isRegression && headKind == .linear)
    }
    let model = try backbone.model(heads, pooling: pooling, resize: resize, seed: configuration.seed)
    try self.init(model, from: .backbone(backbone), data, plan, solver, configuration, teacher, target)
  }

  /// Goes on from a run: its network, its head, its classes.
  ///
  /// - Throws: `FineTuningError.classesDiffer` where the photographs are of other classes than the run's.
  public init(
    continuing run: URL, on data: ImageDatasets, unfreeze: LayerSelector, batchNorm: BatchNormPolicy = .affine,
    configuration: TrainingConfiguration = TrainingConfiguration()
  ) throws {
    try self.init(
      continuing: run, on: data,
      plan: TransferPlan(
        StagedPlan(unfreeze), batchNorm: BatchNormRules(batchNorm),
        decay: DecayRule(weightDecay: configuration.weightDecay)), configuration: configuration)
  }

  /// Goes on from a run by a plan.
  ///
  /// - Parameters:
  ///   - teacher: whom it learns from beside the labels.
  ///   - target: unlabelled photographs of another kind that it is drawn near to.
  public init(
    continuing run: URL, on data: ImageDatasets, plan: TransferPlan, solver: HeadSolver? = nil,
    configuration: TrainingConfiguration = TrainingConfiguration(), teacher: Teacher? = nil,
    target: TargetDomain? = nil
  ) throws {
    let model = try ModelFiles.read(from: run)
    guard model.tasks == data.tasks else {
      throw FineTuningError.classesDiffer(run: model.classes, data: data.classes)
    }
    try self.init(model, from: .run(run), data, plan, solver, configuration, teacher, target)
  }

  private init(
    _ model: TrainedModel, from source: Source, _ data: ImageDatasets, _ transfer: TransferPlan,
    _ solver: HeadSolver?, _ configuration: TrainingConfiguration, _ teacher: Teacher?,
    _ target: TargetDomain?
  ) throws {
    try configuration.validate()
    let (model, stages) = try transfer.applied(
      to: model, epochs: configuration.epochs, learningRate: configuration.learningRate, solver: solver,
      seed: configuration.seed)
    trainer = try Trainer(
      model, stages: stages, configuration: configuration, training: data.training, validation: data.validation,
      teacher: teacher, target: target)
    precisionChoice = .asked(configuration.precision)
    self.transfer = transfer
    self.solver = solver
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
    other.trainer = try trainer.configured(configuration)
    return other
  }

  /// The training as a plan that could be followed again.
  public var adaptationPlan: AdaptationPlan {
    let configuration = trainer.configuration
    return AdaptationPlan(
      transfer, solver: solver, epochs: configuration.epochs, batch: configuration.batch,
      learningRate: configuration.learningRate, optimizer: configuration.optimizer, schedule: configuration.schedule,
      augmentation: configuration.augmentation.map { "\($0)" }, views: configuration.views,
      patience: configuration.patience, reasons: reasons)
  }

  /// What trains, in words: the stages, and what computes the head.
  public var planWords: String {
    guard let solver else { return "\(transfer.stages)" }
    let solved = "head by \(solver.kind.rawValue)"
    return trainer.stages.count == 1 ? solved : "\(solved) → \(transfer.stages)"
  }

  public var plan: FreezePlan { trainer.plan }
  public var graph: LayerGraph { trainer.model.graph }
  public var trainableParameterCount: Int {
    let names = Set(trainer.stages.flatMap { $0.plan.trainableParameters(of: graph) })
    return names.reduce(0) { $0 + $1.shape.count }
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

extension PredictionTask {
  fileprivate var isRegression: Bool {
    if case .regression = self { true } else { false }
  }
}
