import Foundation

/// Any JSON, for files whose keys other versions of Graft may change.
enum JSONValue: Hashable, Sendable {
  case null
  case truth(Bool)
  /// With its digits, which a large seed needs all of.
  case number(Double, digits: String)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])
}

extension JSONValue: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .truth(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .number(Double(value), digits: "\(value)")
    } else if let value = try? container.decode(Double.self) {
      self = .number(value, digits: Int(exactly: value).map { "\($0)" } ?? "\(value)")
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }
}

extension JSONValue {
  /// What an object has under a key, in snake or camel case; nil for null.
  subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    let value =
      members[key] ?? members.filter { Self.bare($0.key) == Self.bare(key) }.min { $0.key < $1.key }?.value
    return value == .null ? nil : value
  }

  private static func bare(_ key: String) -> String { key.filter { $0 != "_" }.lowercased() }

  var string: String? {
    if case .text(let text) = self { text } else { nil }
  }

  var double: Double? {
    if case .number(let number, _) = self { number } else { nil }
  }

  var int: Int? { double.flatMap { Int(exactly: $0) } }

  var bool: Bool? {
    if case .truth(let value) = self { value } else { nil }
  }

  var array: [JSONValue]? {
    if case .list(let values) = self { values } else { nil }
  }

  var strings: [String]? { array.map { $0.compactMap(\.string) } }

  /// Keys in the order of the alphabet.
  var members: [(key: String, value: JSONValue)]? {
    guard case .object(let members) = self else { return nil }
    return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// In one line, as a person would write it.
  var line: String {
    switch self {
    case .null: "none"
    case .truth(let value): value ? "yes" : "no"
    case .number(_, let digits): digits
    case .text(let text): text
    case .list(let values): values.isEmpty ? "none" : values.map(\.line).joined(separator: ", ")
    case .object: (members ?? []).map(Self.line).joined(separator: ", ")
    }
  }

  /// A member in words. Swift writes a case of an enumeration as an object, `{"equal": {}}` or `{"last": {"_0": 4}}`: that is
  /// “equal”, and “last 4”.
  private static func line(_ key: String, _ value: JSONValue) -> String {
    guard let members = value.members else { return key.hasPrefix("_") ? value.line : "\(words(key)) \(value.line)" }
    if members.isEmpty { return words(key) }
    return members.allSatisfy { $0.key.hasPrefix("_") }
      ? "\(words(key)) \(value.line)" : "\(words(key)) (\(value.line))"
  }

  /// A metric's key as a title: `val_f1_macro` without its `val_` becomes “F1 macro”, `mae` “MAE”.
  static func title(_ key: String) -> String {
    let names = ["mae": "MAE", "rmse": "RMSE", "mse": "MSE", "auc": "AUC", "r2": "R²", "ece": "ECE", "map": "mAP"]
    let words = words(key).split(separator: " ").map { names[$0.lowercased()] ?? String($0) }.joined(separator: " ")
    return words.hasPrefix("mAP") ? words : words.prefix(1).uppercased() + words.dropFirst()
  }

  /// `learning_rate` and `learningRate` in words.
  static func words(_ key: String) -> String {
    var words = ""
    for character in key {
      if character == "_" {
        words += " "
      } else if character.isUppercase, words.last?.isLowercase == true {
        words += " " + character.lowercased()
      } else {
        words.append(character)
      }
    }
    return words
  }
}
