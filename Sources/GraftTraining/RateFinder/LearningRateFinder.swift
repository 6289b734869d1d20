import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors

/// Looks for the learning rate that a training would do well with: some steps of it, each at a greater rate than the one before,
/// until the loss runs away. The model stays as it was.
///
/// Source: the range test of Smith, arXiv:1506.01186, with exponential rates as fastai has it
/// (<https://sgugger.github.io/how-do-you-find-a-good-learning-rate.html>).
public struct LearningRateFinder: Sendable {
  public struct Settings: Hashable, Sendable, Codable {
    /// The rates of the first and of the last step.
    public var lowest, highest: Double
    /// Optimizer steps, if the loss does not run away before.
    public var steps: Int
    /// How much of the mean so far each step's loss leaves: 0 for none, less than 1.
    public var smoothing: Double
    /// How many times its least the smoothed loss may be before the test ends.
    public var divergence: Double

    public init(
      lowest: Double = 1e-7, highest: Double = 10, steps: Int = 100, smoothing: Double = 0.98, divergence: Double = 4
    ) {
      self.lowest = lowest
      self.highest = highest
      self.steps = steps
      self.smoothing = smoothing
      self.divergence = divergence
    }
  }

  private let trainer: Trainer
  private let stage: TrainingStage
  private let settings: Settings

  /// - Parameters:
  ///   - trainer: whose model, photographs, loss, batch and optimizer the test uses; of validation images it needs none, and of a
  ///     target domain it takes no account.
  ///   - stage: which of its stages to test, counted from 0; each is tested from the model as it is now.
  /// - Throws: `TrainingError.invalidOption`.
  public init(_ trainer: Trainer, stage: Int = 0, settings: Settings = Settings()) throws(TrainingError) {
    try settings.validate()
    guard trainer.stages.indices.contains(stage) else {
      throw .invalidOption(
        option: "the stage to test", expected: "1 to \(trainer.stages.count)", found: "\(stage + 1)")
    }
    var configuration = trainer.configuration
    // Only so many views as its batches need are looked at.
    let batch = max(1, min(configuration.batch, trainer.training.count))
    let batchesAnEpoch = max(1, trainer.training.count / batch)
    let (product, overflows) = settings.steps.multipliedReportingOverflow(by: max(1, configuration.accumulation))
    configuration.epochs = overflows ? Int(Int32.max) : (product - 1) / batchesAnEpoch + 1
    self.trainer = try Trainer(
      trainer.model, stages: [trainer.stages[stage]], configuration: configuration, training: trainer.training,
      validation: [], teacher: trainer.teacher)
    self.stage = trainer.stages[stage]
    self.settings = settings
  }

  /// Runs the test.
  ///
  /// - Parameter report: called with `.skipped`, `.prepared` and `.progress`, from the engine's thread.
  /// - Throws: `TrainingError.noImages`; `DatasetError` for an unreadable image when strict, and where none can be read; `EngineError`; `CancellationError`.
  public func run(report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }) async throws -> LearningRateCurve {
    try await EngineActor.run { try await RangeTest(trainer, stage, settings).run(report) }
  }
}

extension LearningRateFinder.Settings {
  /// The rate of a step, counted from 0: as many times the last one's as that is times the one before.
  func rate(of step: Int) -> Double {
    lowest * pow(highest / lowest, Double(step) / Double(steps - 1))
  }

  func validate() throws(TrainingError) {
    func check(_ isValid: Bool, _ option: String, _ expected: String, _ found: Any) throws(TrainingError) {
      if !isValid { throw .invalidOption(option: option, expected: expected, found: "\(found)") }
    }
    try check(lowest > 0 && lowest.isFinite, "--lowest", "a positive number", lowest)
    try check(highest > lowest && highest.isFinite, "--highest", "more than --lowest, which is \(lowest)", highest)
    try check((10...100_000).contains(steps), "--steps", "10 to 100000", steps)
    try check((0..<1).contains(smoothing), "--smoothing", "0 or more and less than 1", smoothing)
    try check(divergence > 1, "--divergence", "more than 1", divergence)
  }
}
