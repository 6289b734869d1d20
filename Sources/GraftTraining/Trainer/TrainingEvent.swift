import GraftImages

/// What a training tells while it runs.
public enum TrainingEvent: Sendable {
  /// An image could not be read and is left out.
  case skipped(SkippedImage)
  /// The activations at the frontier are ready: how many images there are, whether a frozen part precedes it, whether
  /// its results, or the decoded images, are remembered, and of how many images an earlier training has done that.
  case prepared(images: Int, hasFrozenPart: Bool, isCached: Bool, remembered: Int)
  case progress(WorkProgress)
  case epochEnded(EpochRecord)
  case finished(TrainingResult)
}

/// One line of a run's history.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// Counted from 1.
  public var epoch: Int
  /// Mean over the training images, as they were met in the epoch, with dropout.
  public var loss: Double
  public var accuracy: Double
  public var valLoss: Double
  public var valAccuracy: Double
  public var learningRate: Double
  public var seconds: Double
}

/// What a training came to.
public struct TrainingResult: Sendable {
  public let history: [EpochRecord]
  /// The epoch whose parameters are kept: the one of the best validation accuracy, of the least loss among equals.
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
  public let model: TrainedModel
}
