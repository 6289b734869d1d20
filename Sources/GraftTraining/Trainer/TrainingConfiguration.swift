import GraftEngine
import GraftImages
import GraftLearning

/// How a head, and what else the plan names, is trained.
public struct TrainingConfiguration: Hashable, Sendable, Codable {
  public var epochs: Int
  /// Images that are computed together.
  public var batch: Int
  /// Batches whose gradients' mean makes one optimizer step: more images a step than memory holds at once. Normalisations
  /// by the batch's statistics see each batch alone.
  public var accumulation: Int
  public var optimizer: OptimizerSettings
  public var learningRate: Double
  /// Pulls kernels towards zero; biases and normalisations are spared.
  public var weightDecay: Double
  /// Of each task the first that suits it; where none does, cross-entropy for classes, binary cross-entropy for labels, the mean
  /// squared error for values.
  public var losses: [LossConfiguration]
  public var classWeights: ClassWeights
  /// Keeps steps short where gradients are steep; nil for steps as long as they come.
  public var clipping: GradientClipping?
  /// How the learning rate changes within a stage.
  public var schedule: LearningRateSchedule
  /// An average of the weights, which is validated and kept in their place; nil for the weights as they are. It begins anew with
  /// each stage.
  public var averaging: WeightAveraging?
  /// Whether every class is drawn equally often, however many images it has.
  public var drawsClassesEqually: Bool
  /// What the best epoch is the best by, of the validation images; accuracy for classes and labels and the loss for values where
  /// nil. Among equals the least loss.
  public var monitor: MetricKind?
  /// How many epochs without a better one end the training; nil for all of them.
  public var patience: Int?
  /// What convolutions and dense layers multiply; the head, and what trains, stay float32. Which precision suits a network,
  /// `PrecisionTrial` finds out.
  public var precision: Precision
  /// Whether activations are kept for the backward pass, or most of them computed a second time.
  public var memory: MemoryUse
  /// What chance does to training images; nil for nothing. Validation images are left alone.
  public var augmentation: Augmentation?
  /// How many views augmentation makes of each training image: epoch e, counted from 0, uses view e mod this. The frozen
  /// part runs once for each view. Nil for `defaultViews`, and for as many as epochs where nothing is frozen.
  public var views: Int?
  /// Of everything random: shuffling, augmentation, dropout, fresh weights, the split.
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
    epochs: Int = 10, batch: Int = 32, accumulation: Int = 1, optimizer: OptimizerSettings = .sgd,
    learningRate: Double = 0.001, weightDecay: Double = 0, losses: [LossConfiguration] = [],
    classWeights: ClassWeights = .equal, clipping: GradientClipping? = nil,
    schedule: LearningRateSchedule = LearningRateSchedule(.constant), averaging: WeightAveraging? = nil,
    drawsClassesEqually: Bool = false, monitor: MetricKind? = nil, patience: Int? = nil,
    precision: Precision = .float32, memory: MemoryUse = .fast,
    augmentation: Augmentation? = nil, views: Int? = nil, seed: UInt64 = 0, isStrict: Bool = false,
    cacheSize: Int = 4 << 30, frontierCache: FrontierCache? = nil
  ) {
    self.epochs = epochs
    self.batch = batch
    self.accumulation = accumulation
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.losses = losses
    self.classWeights = classWeights
    self.clipping = clipping
    self.schedule = schedule
    self.averaging = averaging
    self.drawsClassesEqually = drawsClassesEqually
    self.monitor = monitor
    self.patience = patience
    self.precision = precision
    self.memory = memory
    self.augmentation = augmentation
    self.views = views
    self.seed = seed
    self.isStrict = isStrict
    self.cacheSize = cacheSize
    self.frontierCache = frontierCache
  }
}

extension OptimizerSettings {
  public static let sgd = OptimizerSettings(.sgd)
  public static let adam = OptimizerSettings(.adam)
  public static let adamw = OptimizerSettings(.adamw)
}
