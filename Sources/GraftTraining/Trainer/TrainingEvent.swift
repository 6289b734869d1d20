import GraftImages

/// What a training tells while it runs.
public enum TrainingEvent: Sendable {
  /// An image could not be read and is left out.
  case skipped(SkippedImage)
  /// A stage of several begins: its number, counted from 1, and how many there are.
  case stageBegan(Int, of: Int)
  /// The activations at the frontier are ready: how many images there are, whether a frozen part precedes it, whether
  /// its results, or the decoded images, are remembered, and of how many images an earlier training has done that.
  case prepared(images: Int, hasFrozenPart: Bool, isCached: Bool, remembered: Int)
  /// A training goes on from a checkpoint: within which epoch.
  case resumed(epoch: Int)
  case progress(WorkProgress)
  case epochEnded(EpochRecord)
  /// A checkpoint could not be written, and the training goes on without it: why, and the name of the one before it, from which it
  /// could still be gone on with.
  case checkpointFailed(reason: String, newest: String?)
  case finished(TrainingResult)
}

/// One line of a run's history.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// Counted from 1 over all stages.
  public var epoch: Int
  /// Counted from 1.
  public var stage: Int
  /// Mean over the labelled training images, as they were met in the epoch, with dropout.
  public var loss: Double
  /// The share of right answers of the first task, classes or labels; nil where it predicts values.
  public var accuracy: Double?
  public var valLoss: Double
  public var valAccuracy: Double?
  /// Other numbers of the validation images, by their metrics' names.
  public var metrics: [String: Double]
  /// At the epoch's last step.
  public var learningRate: Double
  public var seconds: Double
  /// How far apart the covariances of labelled and target images' logits were, before λ: the mean over the epoch's steps; nil
  /// without a target domain.
  public var coral: Double?
}

extension EpochRecord {
  /// Records of older runs have no stages and no further metrics.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epoch = try container.decode(Int.self, forKey: .epoch)
    stage = try container.decodeIfPresent(Int.self, forKey: .stage) ?? 1
    loss = try container.decode(Double.self, forKey: .loss)
    accuracy = try container.decodeIfPresent(Double.self, forKey: .accuracy)
    valLoss = try container.decode(Double.self, forKey: .valLoss)
    valAccuracy = try container.decodeIfPresent(Double.self, forKey: .valAccuracy)
    metrics = try container.decodeIfPresent([String: Double].self, forKey: .metrics) ?? [:]
    learningRate = try container.decode(Double.self, forKey: .learningRate)
    seconds = try container.decode(Double.self, forKey: .seconds)
    coral = try container.decodeIfPresent(Double.self, forKey: .coral)
  }
}

/// What a training came to.
public struct TrainingResult: Sendable {
  public let history: [EpochRecord]
  /// The epoch whose parameters are kept: the best by the configuration's metric; of the least loss among equals.
  public let best: EpochRecord
  /// Readable images.
  public let trainingImages: Int
  public let validationImages: Int
  public let skipped: [SkippedImage]
  /// Images whose activations an earlier training has left in the frontier cache.
  public let remembered: Int
  public let seconds: Double
  /// Whether the training was cancelled before its last epoch.
  public let wasInterrupted: Bool
  /// Whether it ended before its last epoch because nothing got better.
  public let stoppedEarly: Bool
  public let model: TrainedModel
  /// What the kept model makes of the validation images, in their order.
  public let validation: [Prediction]
}
