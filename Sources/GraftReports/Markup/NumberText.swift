import Foundation

/// Numbers as reports print them: alike on every machine, whatever its language. No line's end tears a unit off.
enum NumberText {
  static func fixed(_ value: Double?, _ digits: Int) -> String {
    guard let value else { return "–" }
    guard value.isFinite else { return value.isNaN ? "not a number" : value < 0 ? "−∞" : "∞" }
    let text = String(format: "%.\(digits)f", value)
    return text.hasPrefix("-") ? (Double(text) == 0 ? String(text.dropFirst()) : "−" + text.dropFirst()) : text
  }

  /// `93.5 %`.
  static func percent(_ share: Double?, _ digits: Int = 1) -> String {
    share.map { fixed($0 * 100, digits) + "\u{a0}%" } ?? "–"
  }

  /// As many digits as the number needs: `0.001`, `1e-05`, `12.3`.
  static func short(_ value: Double?, digits: Int = 4) -> String {
    guard let value else { return "–" }
    guard value.isFinite else { return fixed(value, 0) }
    let text = String(format: "%.\(digits)g", value)
    // Only the sign: an exponent is written as programs read it.
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  /// `102,853,048`.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
    return (number < 0 ? "−" : "") + groups.reversed().joined(separator: ",")
  }

  /// `0.42 s`, `12.3 s`, `5 min 03 s`, `2 h 05 min`.
  static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 59.95 { return fixed(seconds, seconds < 10 ? 2 : 1) + "\u{a0}s" }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? "\(whole / 60)\u{a0}min\u{a0}" + String(format: "%02d\u{a0}s", whole % 60)
      : "\(whole / 3600)\u{a0}h\u{a0}" + String(format: "%02d\u{a0}min", whole / 60 % 60)
  }

  /// `3.2 GB`: thousands, not 1,024s.
  static func bytes(_ count: Double?) -> String {
    guard let count, count.isFinite else { return "–" }
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (count, 0)
    while abs(value) >= 999.95, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    return fixed(value, unit == 0 ? 0 : 1) + "\u{a0}" + units[unit]
  }

  static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(grouped(count)) \(count == 1 ? one : many)"
  }
}
