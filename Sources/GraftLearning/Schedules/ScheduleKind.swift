/// The schedules that a command line or a recorded run can name.
///
/// Formulas are for a position t steps after the warm-up, T steps from there to the end, and e whole epochs after the warm-up.
public enum ScheduleKind: String, CaseIterable, Hashable, Sendable, Codable {
  /// 1.
  case constant
  /// factor^⌊e / every⌋: `StepLR`. Settings `every` (epochs, 10) and `factor` (0.1).
  case step
  /// factor to the number of milestones that e has reached: `MultiStepLR`. Settings `at` (epochs, as `30/60`) and `factor`
  /// (0.1).
  case multistep
  /// factor^e: `ExponentialLR`. Setting `factor` (0.95).
  case exponential
  /// floor + (1 − floor) (1 − t / T)^power: `PolynomialLR` where floor is 0. Settings `power` (1) and `floor` (0).
  case polynomial
  /// floor + (1 − floor) (1 + cos(π t / T)) / 2: `CosineAnnealingLR`. Setting `floor` (0).
  case cosine
  /// The same over and over: `CosineAnnealingWarmRestarts` (Loshchilov and Hutter, arXiv:1608.03983). The first time takes
  /// `period` epochs (10), each further time `growth` times as long (1). Setting `floor` (0).
  case restarts
  /// Up and down again, once (Smith and Topin, arXiv:1708.07120): `OneCycleLR`. From 1 / `div` (25) to 1 over the first `rise`
  /// (0.3) of all steps, then to 1 / `div` / `final-div` (10000), by cosines, or straight with `linear`. With
  /// `cycle-momentum` the momentum goes the other way, from `high-momentum` (0.95) to `low-momentum` (0.85) and back.
  case onecycle
  /// Falls when the validation metric no longer gets better: `ReduceLROnPlateau`. What decides is `ReduceOnPlateau`, which
  /// sees the metrics; the schedule itself is 1. Settings `factor` (0.1), `patience` (10 epochs), `threshold` (0.0001),
  /// `cooldown` (0 epochs), `floor` (0).
  case plateau

  /// The kind of that name, in capitals or not; nil for an unknown name, for which `names` tells what is known.
  public init?(named name: String) {
    self.init(rawValue: name.lowercased())
  }

  /// Every known name, for messages and help.
  public static var names: [String] { allCases.map(\.rawValue) }
}
