extension LearningRateSchedule {
  static var noun: String { "learning-rate schedule" }

  static var settings: [Setting<Self>] {
    [
      Setting("every", \.every, .some), Setting("at", \.milestones, .some),
      Setting("factor", \.factor, .upToOne), Setting("power", \.power, .positive),
      Setting("period", \.period, .some), Setting("growth", \.growth, .some),
      Setting("floor", \.floor, .share),
      Setting("rise", \.rise, .insideOne), Setting("div", \.div, .atLeastOne),
      Setting("final-div", \.finalDiv, .atLeastOne), Setting("linear", \.linear),
      Setting("cycle-momentum", \.cycleMomentum), Setting("low-momentum", \.lowMomentum, .belowOne),
      Setting("high-momentum", \.highMomentum, .belowOne), Setting("patience", \.patience, .noneOrSome),
      Setting("threshold", \.threshold, .notNegative), Setting("cooldown", \.cooldown, .noneOrSome),
      Setting("warmup", \.warmup, .noneOrSome), Setting("warmup-from", \.warmupFrom, .share),
    ]
  }

  static func settingNames(of kind: ScheduleKind) -> [String] {
    let own =
      switch kind {
      case .constant: [String]()
      case .step: ["every", "factor"]
      case .multistep: ["at", "factor"]
      case .exponential: ["factor"]
      case .polynomial: ["power", "floor"]
      case .cosine: ["floor"]
      case .restarts: ["period", "growth", "floor"]
      case .onecycle:
        ["rise", "div", "final-div", "linear", "cycle-momentum", "low-momentum", "high-momentum"]
      case .plateau: ["factor", "patience", "threshold", "cooldown", "floor"]
      }
    return own + ["warmup", "warmup-from"]
  }

  static func requiredNames(of kind: ScheduleKind) -> [String] { kind == .multistep ? ["at"] : [] }
}

extension LearningRateSchedule: CustomStringConvertible {
  /// What `init(parsing:)` reads as the same value.
  public var description: String { text }
}
