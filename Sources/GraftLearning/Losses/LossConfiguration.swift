/// A loss by name, with its settings: what plans hold and command lines write.
///
/// Written `cross-entropy:smoothing=0.1`, `focal:gamma=2,alpha=0.25`, `bce`, `mse`, `mae`, `huber:delta=1`,
/// `distillation:temperature=4,alpha=0.9`, or in JSON with the same names. What weighs classes belongs to the data and is given
/// when the loss is made.
public struct LossConfiguration: Hashable, Sendable, Codable, NamedSettings {
  public var kind: LossKind
  /// Cross-entropy and distillation: the share of the target that is spread over all classes; 0 where nil.
  public var smoothing: Double?
  /// Focal loss: how fast the good ones fade; 2 where nil.
  public var gamma: Double?
  /// Focal loss: what a label that holds counts, 1 where nil. Distillation: the teacher's share, 0.9 where nil.
  public var alpha: Double?
  /// Huber loss: where squares end; 1 where nil.
  public var delta: Double?
  /// Distillation: how soft the teacher is made; 4 where nil.
  public var temperature: Double?

  public init(_ kind: LossKind) {
    self.kind = kind
  }

  public init(
    _ kind: LossKind, smoothing: Double? = nil, gamma: Double? = nil, alpha: Double? = nil, delta: Double? = nil,
    temperature: Double? = nil
  ) {
    self.kind = kind
    self.smoothing = smoothing
    self.gamma = gamma
    self.alpha = alpha
    self.delta = delta
    self.temperature = temperature
  }

  /// Reads `name` or `name:setting=value,setting=value`.
  public init(parsing text: String) throws(SettingsError) {
    self = try Self.parse(text)
  }

  /// - Throws: `SettingsError` for a setting that the kind does not have, or whose value makes no sense.
  public func validate() throws(SettingsError) { try requireSense() }

  /// The loss itself.
  ///
  /// - Parameter weights: for cross-entropy and focal loss how much each class counts, for binary cross-entropy how much each
  ///   label counts where it holds. The others have none: what they weigh is given with each batch.
  public func loss(weights: [Float]? = nil) -> any Loss {
    switch kind {
    case .crossEntropy: SoftmaxCrossEntropy(smoothing: smoothing ?? 0, classWeights: weights)
    case .focal: FocalLoss(gamma: gamma ?? 2, alpha: alpha, classWeights: weights)
    case .bce: BinaryCrossEntropy(positiveWeights: weights)
    case .mse: MeanSquaredError()
    case .mae: MeanAbsoluteError()
    case .huber: HuberLoss(delta: delta ?? 1)
    case .distillation:
      Distillation(temperature: temperature ?? 4, alpha: alpha ?? 0.9, smoothing: smoothing ?? 0)
    }
  }

  static let noun = "loss"

  static var settings: [Setting<Self>] {
    [
      Setting("smoothing", \.smoothing, .share), Setting("gamma", \.gamma, .notNegative),
      Setting("alpha", \.alpha, .share), Setting("delta", \.delta, .positive),
      Setting("temperature", \.temperature, .positive),
    ]
  }

  static func settingNames(of kind: LossKind) -> [String] {
    switch kind {
    case .crossEntropy: ["smoothing"]
    case .focal: ["gamma", "alpha"]
    case .bce, .mse, .mae: []
    case .huber: ["delta"]
    case .distillation: ["temperature", "alpha", "smoothing"]
    }
  }
}

extension LossConfiguration: CustomStringConvertible {
  /// What `init(parsing:)` reads as the same value.
  public var description: String { text }
}
