/// The numbers that make sense for a setting, and how to say which.
struct SettingRange: Sendable {
  /// Follows “a number”.
  let text: String
  private let lower: Double
  private let upper: Double
  private let includesLower: Bool
  private let includesUpper: Bool

  static let positive = SettingRange(text: "above 0", 0, .infinity, includesLower: false, includesUpper: false)
  static let notNegative = SettingRange(text: "of at least 0", 0, .infinity, includesUpper: false)
  static let atLeastOne = SettingRange(text: "of at least 1", 1, .infinity, includesUpper: false)
  /// Epochs, or how often: more than anybody waits for, and few enough to be counted in.
  static let some = SettingRange(text: "from 1 to 1000000", 1, 1e6)
  static let noneOrSome = SettingRange(text: "from 0 to 1000000", 0, 1e6)
  static let share = SettingRange(text: "from 0 to 1", 0, 1)
  static let belowOne = SettingRange(text: "of at least 0 and below 1", 0, 1, includesUpper: false)
  static let insideOne = SettingRange(
    text: "above 0 and below 1", 0, 1, includesLower: false, includesUpper: false)
  static let upToOne = SettingRange(text: "above 0 and at most 1", 0, 1, includesLower: false)

  private init(
    text: String, _ lower: Double, _ upper: Double, includesLower: Bool = true, includesUpper: Bool = true
  ) {
    self.text = text
    self.lower = lower
    self.upper = upper
    self.includesLower = includesLower
    self.includesUpper = includesUpper
  }

  /// Never true for NaN, nor for what is infinite.
  func contains(_ number: Double) -> Bool {
    (includesLower ? number >= lower : number > lower) && (includesUpper ? number <= upper : number < upper)
  }
}
