/// The few Python literals that a `.npy` header may hold.
enum PythonLiteral: Equatable {
  case text(String)
  case boolean(Bool)
  case tuple([Int])
  /// A list: how NumPy describes structures.
  case list

  struct SyntaxError: Error {}

  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, with nothing but white space after it.
  static func dictionary(_ bytes: some Collection<UInt8>) throws -> [String: PythonLiteral] {
    var scanner = Scanner(rest: Array(bytes)[...])
    var entries: [String: PythonLiteral] = [:]
    try scanner.expect("{")
    while !scanner.take("}") {
      let key = try scanner.text()
      try scanner.expect(":")
      guard entries.updateValue(try scanner.value(), forKey: key) == nil else { throw SyntaxError() }
      if !scanner.take(",") {
        try scanner.expect("}")
        break
      }
    }
    guard scanner.isAtEnd else { throw SyntaxError() }
    return entries
  }

  private struct Scanner {
    var rest: ArraySlice<UInt8>

    mutating func skipSpace() {
      rest = rest.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
    }

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return rest.isEmpty
      }
    }

    mutating func take(_ word: String) -> Bool {
      skipSpace()
      guard rest.starts(with: word.utf8) else { return false }
      rest = rest.dropFirst(word.utf8.count)
      return true
    }

    mutating func expect(_ word: String) throws {
      guard take(word) else { throw SyntaxError() }
    }

    mutating func text() throws -> String {
      skipSpace()
      guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
        let end = rest.dropFirst().firstIndex(of: quote)
      else { throw SyntaxError() }
      let text = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      return text
    }

    mutating func value() throws -> PythonLiteral {
      if take("True") { return .boolean(true) }
      if take("False") { return .boolean(false) }
      if take("(") { return .tuple(try integers()) }
      if take("[") {
        try skipList()
        return .list
      }
      return .text(try text())
    }

    private mutating func integers() throws -> [Int] {
      var integers: [Int] = []
      while !take(")") {
        skipSpace()
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let integer = Int(String(decoding: digits, as: UTF8.self)) else { throw SyntaxError() }
        rest = rest.dropFirst(digits.count)
        // Python 2 wrote long integers as `3L`.
        _ = take("L")
        integers.append(integer)
        if !take(",") {
          try expect(")")
          break
        }
      }
      return integers
    }

    /// To the bracket that closes the list, whatever stands in it.
    private mutating func skipList() throws {
      var depth = 1
      while depth > 0 {
        guard let byte = rest.popFirst() else { throw SyntaxError() }
        if byte == UInt8(ascii: "[") { depth += 1 }
        if byte == UInt8(ascii: "]") { depth -= 1 }
      }
    }
  }
}
