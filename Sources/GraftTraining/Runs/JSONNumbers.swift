import Foundation

/// The numbers of a JSON text, found without decoding it, which for a network's description takes many times as long.
enum JSONNumbers {
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")
  private static let characters = Set("+-.0123456789eE".utf8)

  /// The first number outside strings that `predicate` holds for, as it is written. What is no JSON has none, or any: the
  /// decoder refuses it.
  static func first(in json: Data, where predicate: (Double) -> Bool) -> String? {
    let bytes = [UInt8](json)
    var position = 0
    while position < bytes.count {
      switch bytes[position] {
      case quote:
        position += 1
        while position < bytes.count, bytes[position] != quote { position += bytes[position] == backslash ? 2 : 1 }
        position += 1
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let end = bytes[position...].firstIndex { !characters.contains($0) } ?? bytes.count
        let text = String(decoding: bytes[position..<end], as: UTF8.self)
        if let number = Double(text), predicate(number) { return text }
        position = end
      default: position += 1
      }
    }
    return nil
  }
}
