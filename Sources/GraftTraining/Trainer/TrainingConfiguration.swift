import GraftEngine

/// How a head, and what else the plan names, is trained.
public struct TrainingConfiguration: Hashable, Sendable, Codable {
  public var epochs: Int
  /// Images in one optimizer step.
  public var batch: Int
  public var optimizer: OptimizerKind
  public var learningRate: Double
  /// Pulls kernels towards zero; biases are spared.
  public var weightDecay: Double
  /// What convolutions and dense layers multiply; the head, and what trains, stay float32. Which precision suits a network,
  /// `PrecisionTrial` finds out.
  public var precision: Precision
  /// Of everything random: shuffling, dropout, fresh weights, the split.
  public var seed: UInt64
  /// Whether an unreadable image ends the training instead of being skipped.
  public var isStrict: Bool
  /// The most memory that remembered activations may take, in bytes. Beyond it they are read from the frontier cache in
  /// each epoch; without one, or where they exceed its limit too, the frozen part runs in each epoch anew.
  public var cacheSize: Int
  /// Where activations are remembered for other trainings; nil leaves the disk alone.
  public var frontierCache: FrontierCache?

  /// Defaults that suit a linear head on pooled features.
  public init(
    epochs: Int = 10, batch: Int = 32, optimizer: OptimizerKind = .sgd, learningRate: Double = 0.001,
    weightDecay: Double = 0, precision: Precision = .float32, seed: UInt64 = 0, isStrict: Bool = false,
    cacheSize: Int = 4 << 30,
    frontierCache: FrontierCache? = nil
  ) {
    self.epochs = epochs
    self.batch = batch
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.precision = precision
    self.seed = seed
    self.isStrict = isStrict
    self.cacheSize = cacheSize
    self.frontierCache = frontierCache
  }
}
