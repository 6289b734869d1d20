/// An optimizer by name, with its settings: what plans hold and command lines write.
///
/// Written `sgd:momentum=0.9,nesterov`, `adamw:beta2=0.95`, `rmsprop:momentum=0.9,centered`, or in JSON with the same names.
/// What is nil is left to the optimizer's default, which its own page states. Learning rate and weight decay are not among them:
/// they belong to parameters.
public struct OptimizerSettings: Hashable, Sendable, Codable, NamedSettings {
  public var kind: OptimizerKind
  /// `momentum`, of SGD (0.9 where nil), RMSprop (0) and LARS (0.9).
  public var momentum: Double?
  /// `nesterov`, of SGD.
  public var nesterov: Bool?
  /// `alpha`, of RMSprop.
  public var alpha: Double?
  /// `centered`, of RMSprop.
  public var centered: Bool?
  /// `beta1`, of Adam and its kin and of Lion.
  public var beta1: Double?
  /// `beta2`, of the same.
  public var beta2: Double?
  /// `epsilon`, of all that divide.
  public var epsilon: Double?
  /// `momentum-decay`, of NAdam.
  public var momentumDecay: Double?
  /// `decoupled`, of NAdam.
  public var decoupled: Bool?
  /// `trust`, of LARS.
  public var trust: Double?

  /// The optimizer with its default settings.
  public init(_ kind: OptimizerKind) {
    self.kind = kind
  }

  /// Reads `name` or `name:setting=value,flag`.
  public init(parsing text: String) throws(SettingsError) {
    self = try Self.parse(text)
  }

  /// - Throws: `SettingsError` for a setting that the kind does not have, or whose value makes no sense.
  public func validate() throws(SettingsError) { try requireSense() }

  /// The optimizer itself.
  public var optimizer: any Optimizer {
    switch kind {
    case .sgd: SGD(momentum: momentum ?? 0.9, nesterov: nesterov ?? false)
    case .rmsprop:
      RMSprop(alpha: alpha ?? 0.99, epsilon: epsilon ?? 1e-8, momentum: momentum ?? 0, centered: centered ?? false)
    case .adagrad: Adagrad(epsilon: epsilon ?? 1e-10)
    case .adam: Adam(beta1: beta1 ?? 0.9, beta2: beta2 ?? 0.999, epsilon: epsilon ?? 1e-8)
    case .adamw: AdamW(beta1: beta1 ?? 0.9, beta2: beta2 ?? 0.999, epsilon: epsilon ?? 1e-8)
    case .nadam:
      NAdam(
        beta1: beta1 ?? 0.9, beta2: beta2 ?? 0.999, epsilon: epsilon ?? 1e-8, momentumDecay: momentumDecay ?? 4e-3,
        decoupled: decoupled ?? false)
    case .lion: Lion(beta1: beta1 ?? 0.9, beta2: beta2 ?? 0.99)
    case .lamb: LAMB(beta1: beta1 ?? 0.9, beta2: beta2 ?? 0.999, epsilon: epsilon ?? 1e-6)
    case .lars: LARS(momentum: momentum ?? 0.9, trust: trust ?? 0.001)
    }
  }

  /// The same with another momentum, as a one-cycle schedule asks for from step to step: `momentum`, or `beta1` of Adam and its
  /// kin, as in PyTorch. What has no momentum stays as it is, and needs no other state.
  public func cycling(momentum: Double) -> OptimizerSettings {
    var settings = self
    switch kind {
    case .sgd where self.momentum != 0: settings.momentum = momentum
    case .rmsprop where (self.momentum ?? 0) != 0: settings.momentum = momentum
    case .lars: settings.momentum = momentum
    case .adam, .adamw, .nadam, .lion, .lamb: settings.beta1 = momentum
    case .sgd, .rmsprop, .adagrad: break
    }
    return settings
  }

  static let noun = "optimizer"

  static var settings: [Setting<Self>] {
    [
      Setting("momentum", \.momentum, .belowOne), Setting("nesterov", \.nesterov),
      Setting("alpha", \.alpha, .belowOne), Setting("centered", \.centered),
      Setting("beta1", \.beta1, .belowOne), Setting("beta2", \.beta2, .belowOne),
      Setting("epsilon", \.epsilon, .positive), Setting("momentum-decay", \.momentumDecay, .notNegative),
      Setting("decoupled", \.decoupled), Setting("trust", \.trust, .positive),
    ]
  }

  static func settingNames(of kind: OptimizerKind) -> [String] {
    switch kind {
    case .sgd: ["momentum", "nesterov"]
    case .rmsprop: ["momentum", "alpha", "centered", "epsilon"]
    case .adagrad: ["epsilon"]
    case .adam, .adamw, .lamb: ["beta1", "beta2", "epsilon"]
    case .nadam: ["beta1", "beta2", "epsilon", "momentum-decay", "decoupled"]
    case .lion: ["beta1", "beta2"]
    case .lars: ["momentum", "trust"]
    }
  }
}

extension OptimizerSettings: CustomStringConvertible {
  /// What `init(parsing:)` reads as the same value.
  public var description: String { text }
}
