import Foundation

/// Why the description of an optimizer, a loss or a schedule makes no sense.
///
/// A `kind` is the name of what was asked for: `sgd`.
public enum SettingsError: Error, Hashable {
  /// A name that nothing has. `noun` says what was looked for: `optimizer`.
  case unknownKind(noun: String, found: String, known: [String])
  /// A setting that this kind does not have.
  case unknownSetting(kind: String, found: String, known: [String])
  /// A setting that is there twice.
  case repeated(kind: String, setting: String)
  /// A setting without which the kind means nothing.
  case missing(kind: String, setting: String, expected: String)
  /// A value that cannot be read, or that makes no sense.
  case badValue(kind: String, setting: String, found: String, expected: String)
}

extension SettingsError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .unknownKind(let noun, let found, let known):
      "“\(found)” is no known \(noun); known are \(known.joined(separator: ", "))"
    case .unknownSetting(let kind, let found, let known):
      "\(kind) has no setting “\(found)”; "
        + (known.isEmpty ? "it has none: write \(kind) alone" : "it has \(known.joined(separator: ", "))")
    case .repeated(let kind, let setting):
      "\(kind) is given the setting “\(setting)” twice; leave one of them out"
    case .missing(let kind, let setting, let expected):
      "\(kind) needs its setting “\(setting)”; write \(kind):\(setting)= and \(expected)"
    case .badValue(let kind, let setting, let found, let expected):
      "\(kind)'s setting “\(setting)” is \(found); write \(expected)"
    }
  }

  public var errorDescription: String? { description }
}
