import Foundation

/// A value of a Keras configuration: what JSON can hold, within bounds.
enum KerasValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([KerasValue])
  case object([String: KerasValue])

  /// Far beyond the largest network of Keras's own, whose configuration takes 2 MB.
  static let largestText = 64 << 20
  /// Models nest; each level takes some four of JSON's.
  static let deepestNesting = 200

  /// Reads JSON.
  ///
  /// - Throws: `KerasConfigurationError` where it is none, too long or too deeply nested.
  init(parsing text: String) throws(KerasConfigurationError) {
    guard text.utf8.count <= Self.largestText else {
      throw .unreadable("it is longer than the \(Self.largestText >> 20) MB that any configuration needs")
    }
    let parsed: Any
    do {
      parsed = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    } catch {
      throw .unreadable("it is not the JSON that it should be")
    }
    self = try Self(parsed, depth: 0)
  }

  private init(_ parsed: Any, depth: Int) throws(KerasConfigurationError) {
    guard depth <= Self.deepestNesting else {
      throw .unreadable("it nests more than \(Self.deepestNesting) levels deep")
    }
    switch parsed {
    case let text as String: self = .text(text)
    case let values as [Any]:
      var list: [KerasValue] = []
      list.reserveCapacity(values.count)
      for value in values { list.append(try Self(value, depth: depth + 1)) }
      self = .list(list)
    case let members as [String: Any]:
      var object: [String: KerasValue] = [:]
      for (key, value) in members { object[key] = try Self(value, depth: depth + 1) }
      self = .object(object)
    case let number as NSNumber:
      // JSONSerialization makes numbers of true and false too; only their C type tells them apart.
      self = number.objCType.pointee == CChar(UInt8(ascii: "c")) ? .bool(number.boolValue) : .number(number.doubleValue)
    default: self = .null
    }
  }
}

extension KerasValue {
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var list: [KerasValue]? { if case .list(let list) = self { list } else { nil } }
  var object: [String: KerasValue]? { if case .object(let object) = self { object } else { nil } }
  var isNull: Bool { self == .null }

  /// A whole number that a size, a count or an axis may be.
  var integer: Int? {
    guard let number, let integer = Int(exactly: number), integer.magnitude <= 1 << 30 else { return nil }
    return integer
  }

  /// A number, or 1 for true and 0 for false, as Python has it.
  var float: Float? {
    switch self {
    case .number(let number): Float(number)
    case .bool(let bool): bool ? 1 : 0
    default: nil
    }
  }

  subscript(key: String) -> KerasValue? { object?[key] }

  /// For messages: the value as JSON would have it, cut short where it is long.
  var summary: String {
    let text =
      switch self {
      case .null: "null"
      case .bool(let bool): bool ? "true" : "false"
      case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
      case .text(let text): "“\(text)”"
      case .list(let list):
        "[" + list.prefix(8).map(\.summary).joined(separator: ", ") + (list.count > 8 ? ", …]" : "]")
      case .object(let object): object["class_name"]?.text.map { "a \($0)" } ?? "an object"
      }
    return text.count > 80 ? text.prefix(79) + "…" : text
  }
}
