import GraftEngine
import GraftPlanning
import GraftTraining

/// What a training takes on this machine, stage by stage, told before it begins.
public struct TrainingEstimate: Hashable, Sendable, Encodable {
  public struct Stage: Hashable, Sendable, Encodable {
    /// Seconds: in the first epoch the frozen part runs, in later ones what it left is read.
    public let firstEpochSeconds, laterEpochSeconds: Double
    /// Of all its epochs.
    public let seconds: Double
    /// In bytes, with everything that the process holds beside.
    public let memory: Int
    /// What every epoch reads from the frontier cache, in bytes; 0 where memory holds it.
    public let disk: Int
  }

  public let stages: [Stage]

  /// Of the whole training, but for what early stopping saves.
  public var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }
  /// The most at once, in bytes.
  public var memory: Int { stages.map(\.memory).max() ?? 0 }
  public var disk: Int { stages.map(\.disk).max() ?? 0 }

  init(_ times: [TimePrediction], _ demand: [Resources]) {
    stages = zip(times, demand).map { time, demand in
      Stage(
        firstEpochSeconds: time.firstEpoch, laterEpochSeconds: time.laterEpoch, seconds: time.total,
        memory: demand.memory, disk: demand.disk)
    }
  }

  /// Runs a few steps of the network on a few of the training's photographs, and adds up what its plan will do.
  ///
  /// - Throws: `DatasetError.noReadableImage`; `EngineError`; `CancellationError`.
  @EngineActor
  public init(measuring trainer: Trainer) async throws {
    let demand = try TrainingDemand()(trainer)
    let features = try await StageFeatures(of: trainer.model, samples: trainer.training, limit: Self.photographs)
    let measured = try MeasuredNetwork(of: trainer.model, features, precision: trainer.configuration.precision)
    self.init(try TrainingTimes(measured: measured)(trainer), demand)
  }

  /// Decoding's rate is an average over so many, after those with which everything warms up.
  private static let photographs = 160
}
