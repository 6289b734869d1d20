/// JSON objects as rows: an array of them, or one after the other (JSON Lines). A reader of our own, because Foundation's
/// knows no lines, and whoever wrote a table wants to know which of its ten thousand objects is wrong.
enum JSONRows {
  /// A list of objects that all have other names is no table, and would take memory as the square of its length.
  private static let columnLimit = 1000

  /// - Throws: `TableProblem` with the line where the text is no JSON, or no list of objects.
  static func read(_ bytes: [UInt8]) throws(TableProblem) -> (columns: [String], rows: [Table.Row]) {
    var scanner = JSONScanner(bytes: bytes)
    var columns: [String: Int] = [:]
    var rows: [Table.Row] = []
    let isArray = scanner.skip(.openBracket)
    while true {
      if isArray, scanner.skip(.closeBracket) { break }
      if scanner.isAtEnd {
        if isArray { throw scanner.problem("the list is not closed") }
        break
      }
      if !rows.isEmpty, isArray { try scanner.require(.comma, "a comma or the list's end") }
      rows.append(try row(&scanner, &columns))
    }
    guard scanner.isAtEnd else { throw scanner.problem("there is something behind the list") }
    return (columns.sorted { $0.value < $1.value }.map(\.key), rows)
  }

  private static func row(_ scanner: inout JSONScanner, _ columns: inout [String: Int]) throws(TableProblem)
    -> Table.Row
  {
    scanner.skipSpace()
    let line = scanner.line
    try scanner.require(.openBrace, "an object such as {\"path\": \"a.jpg\", \"label\": \"cat\"}")
    var cells: [Table.Cell] = []
    var isFirst = true
    while !scanner.skip(.closeBrace) {
      if !isFirst { try scanner.require(.comma, "a comma or the object's end") }
      isFirst = false
      let name = try scanner.string("a name in quotation marks")
      try scanner.require(.colon, "a colon")
      let cell = try scanner.cell()
      let column = columns[name] ?? columns.count
      guard column < columnLimit else { throw scanner.problem("more than \(columnLimit) different names") }
      columns[name] = column
      while cells.count <= column { cells.append(.text("")) }
      cells[column] = cell
    }
    return Table.Row(line: line, cells: cells)
  }
}

/// Steps through JSON, counting lines. Keeps no stack: what lies deeper than a list of texts is skipped.
struct JSONScanner {
  let bytes: [UInt8]
  private(set) var position = 0
  private(set) var line = 1

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return position == bytes.count
    }
  }

  func problem(_ words: String) -> TableProblem { TableProblem(line: line, fault: .notJSON(words)) }

  mutating func skipSpace() {
    while position < bytes.count, bytes[position].isJSONSpace {
      if bytes[position] == .newline { line += 1 }
      position += 1
    }
  }

  /// Whether a character came next, which is then passed.
  mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func require(_ byte: UInt8, _ what: String) throws(TableProblem) {
    guard skip(byte) else { throw problem("expected \(what)") }
  }

  /// A value as a cell: texts, numbers as they are written, `true` and `false` as such, `null` as nothing; a list of these; of
  /// what is deeper, nothing.
  mutating func cell() throws(TableProblem) -> Table.Cell {
    skipSpace()
    guard position < bytes.count else { throw problem("expected a value") }
    guard bytes[position] == .openBracket else {
      if bytes[position] == .openBrace {
        try skipNested()
        return .text("")
      }
      return .text(try scalar())
    }
    let start = self
    position += 1
    var texts: [String] = []
    while !skip(.closeBracket) {
      if !texts.isEmpty { try require(.comma, "a comma or the list's end") }
      skipSpace()
      if position < bytes.count, bytes[position] == .openBracket || bytes[position] == .openBrace {
        self = start
        try skipNested()
        return .text("")
      }
      texts.append(try scalar())
    }
    return .list(texts)
  }

  /// Passes an object or a list with all that is in it.
  private mutating func skipNested() throws(TableProblem) {
    var depth = 0
    repeat {
      skipSpace()
      guard position < bytes.count else { throw problem("a bracket is not closed") }
      switch bytes[position] {
      case .openBrace, .openBracket: depth += 1
      case .closeBrace, .closeBracket: depth -= 1
      case .quote:
        _ = try string("a text")
        continue
      default: break
      }
      position += 1
    } while depth > 0
  }

  private mutating func scalar() throws(TableProblem) -> String {
    if position < bytes.count, bytes[position] == .quote { return try string("a text") }
    let start = position
    while position < bytes.count, bytes[position].isOfWord { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    if word == "null" { return "" }
    guard word == "true" || word == "false" || Double(word) != nil else { throw problem("expected a value") }
    return word
  }

  mutating func string(_ what: String) throws(TableProblem) -> String {
    try require(.quote, what)
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case .quote: return String(decoding: content, as: UTF8.self)
      case .backslash: try escape(into: &content)
      case 0..<0x20: throw problem("a text holds a line end or control character, or is not closed")
      default: content.append(byte)
      }
    }
    throw problem("a text is not closed")
  }

  private mutating func escape(into content: inout [UInt8]) throws(TableProblem) {
    guard position < bytes.count else { throw problem("a text is not closed") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case .quote, .backslash, UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0c)
    case UInt8(ascii: "n"): content.append(.newline)
    case UInt8(ascii: "r"): content.append(.carriageReturn)
    case UInt8(ascii: "t"): content.append(.tab)
    case UInt8(ascii: "u"):
      var units = [try unit()]
      // A character beyond the first 65,536 is written as two halves.
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: [.backslash, UInt8(ascii: "u")]) {
        position += 2
        units.append(try unit())
      }
      content += String(decoding: units, as: UTF16.self).utf8
    default: throw problem("a backslash before something that JSON does not know")
    }
  }

  private mutating func unit() throws(TableProblem) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw problem("\\u without four hexadecimal digits") }
    position += 4
    return unit
  }
}

extension UInt8 {
  fileprivate static let backslash = UInt8(ascii: "\\")
  fileprivate static let colon = UInt8(ascii: ":")

  /// Whether numbers, `true`, `false` and `null` have it.
  fileprivate var isOfWord: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
