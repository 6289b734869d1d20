/// How the learning rate changes over a training: a factor for each step, which depends on nothing but the step's position, so that
/// a training that goes on sees the rates that it would have seen.
///
/// Every schedule equals PyTorch's of the same kind (https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate);
/// `ScheduleKind` has formulas and settings. Any of them may begin with a warm-up, in which the factor rises in a straight
/// line from `warmup-from` to 1, as `LinearLR` followed by the schedule in a `SequentialLR`: the schedule's own time begins when
/// the warm-up ends.
///
/// Written `cosine`, `cosine:warmup=2`, `step:every=5,factor=0.1`, `onecycle:cycle-momentum`, or in JSON with the same names.
/// Times are in epochs.
public struct LearningRateSchedule: Hashable, Sendable, Codable, NamedSettings {
  public var kind: ScheduleKind
  /// `every`, of step: epochs.
  public var every: Int?
  /// `at`, of multistep: epochs, rising.
  public var milestones: [Int]?
  /// `factor`, of step, multistep, exponential and plateau.
  public var factor: Double?
  /// `power`, of polynomial.
  public var power: Double?
  /// `floor`, of polynomial, cosine, restarts and plateau: the least factor.
  public var floor: Double?
  /// `period`, of restarts: epochs.
  public var period: Int?
  /// `growth`, of restarts.
  public var growth: Int?
  /// `rise`, of onecycle: a share of all steps.
  public var rise: Double?
  /// `div`, of onecycle.
  public var div: Double?
  /// `final-div`, of onecycle.
  public var finalDiv: Double?
  /// `linear`, of onecycle.
  public var linear: Bool?
  /// `cycle-momentum`, of onecycle.
  public var cycleMomentum: Bool?
  /// `low-momentum`, of onecycle.
  public var lowMomentum: Double?
  /// `high-momentum`, of onecycle.
  public var highMomentum: Double?
  /// `patience`, of plateau: epochs.
  public var patience: Int?
  /// `threshold`, of plateau: a share of the best metric.
  public var threshold: Double?
  /// `cooldown`, of plateau: epochs.
  public var cooldown: Int?
  /// `warmup`: epochs, and parts of them; 0 where nil.
  public var warmup: Double?
  /// `warmup-from`: the factor of the first step; 0.01 where nil.
  public var warmupFrom: Double?

  /// The schedule with its default settings.
  public init(_ kind: ScheduleKind) {
    self.kind = kind
  }

  /// Reads `name` or `name:setting=value,flag`.
  public init(parsing text: String) throws(SettingsError) {
    self = try Self.parse(text)
  }

  /// - Throws: `SettingsError` for a setting that the kind does not have, or whose value makes no sense.
  public func validate() throws(SettingsError) { try requireSense() }

  /// What the learning rate is multiplied by.
  ///
  /// - Parameters:
  ///   - step: the number of steps before this one, from the beginning: 0 for the first.
  ///   - total: all steps of the training.
  ///   - stepsPerEpoch: the steps of one epoch.
  /// - Precondition: `step` is at least 0, `stepsPerEpoch` at least 1.
  public func factor(atStep step: Int, of total: Int, stepsPerEpoch: Int) -> Double {
    precondition(step >= 0 && stepsPerEpoch >= 1, "step \(step), \(stepsPerEpoch) steps an epoch")
    let rising = warmupSteps(stepsPerEpoch: stepsPerEpoch)
    if step < rising {
      let start = warmupFrom ?? 0.01
      return start + (1 - start) * (Double(step) / Double(rising))
    }
    return factor(at: SchedulePosition(step: step - rising, total: total - rising, stepsPerEpoch: stepsPerEpoch))
  }

  /// The momentum of a step, for `OptimizerSettings.cycling(momentum:)`; nil unless a one-cycle schedule was asked for it. During
  /// a warm-up it is that of the cycle's first step. Parameters are those of `factor`.
  public func momentum(atStep step: Int, of total: Int, stepsPerEpoch: Int) -> Double? {
    guard kind == .onecycle, cycleMomentum ?? false else { return nil }
    let rising = warmupSteps(stepsPerEpoch: stepsPerEpoch)
    return oneCycle.momentum(
      at: SchedulePosition(step: max(0, step - rising), total: total - rising, stepsPerEpoch: stepsPerEpoch))
  }

  /// For `plateau`, what watches the metric; its `factor` is another one beside the schedule's. Nil for all others.
  ///
  /// - Parameter goal: whether the metric that will be observed should fall, as a loss, or rise, as an accuracy.
  public func plateau(watching goal: ReduceOnPlateau.Goal) -> ReduceOnPlateau? {
    guard kind == .plateau else { return nil }
    return ReduceOnPlateau(
      goal: goal, reduction: factor ?? 0.1, patience: patience ?? 10, threshold: threshold ?? 1e-4,
      cooldown: cooldown ?? 0, floor: floor ?? 0)
  }

  private func warmupSteps(stepsPerEpoch: Int) -> Int {
    Int(((warmup ?? 0) * Double(stepsPerEpoch)).rounded())
  }

  private func factor(at position: SchedulePosition) -> Double {
    switch kind {
    case .constant, .plateau: 1
    case .step: StepDecay(every: every ?? 10, factor: factor ?? 0.1).factor(at: position)
    case .multistep: MilestoneDecay(milestones: milestones ?? [], factor: factor ?? 0.1).factor(at: position)
    case .exponential: (factor ?? 0.95).power(position.epoch)
    case .polynomial: PolynomialDecay(power: power ?? 1, floor: floor ?? 0).factor(at: position)
    case .cosine: CosineDecay(floor: floor ?? 0).factor(progress: position.progress)
    case .restarts:
      CosineRestarts(period: period ?? 10, growth: growth ?? 1, decay: CosineDecay(floor: floor ?? 0)).factor(
        at: position)
    case .onecycle: oneCycle.factor(at: position)
    }
  }

  private var oneCycle: OneCycle {
    OneCycle(
      rise: rise ?? 0.3, div: div ?? 25, finalDiv: finalDiv ?? 1e4, linear: linear ?? false,
      lowMomentum: lowMomentum ?? 0.85, highMomentum: highMomentum ?? 0.95)
  }
}
