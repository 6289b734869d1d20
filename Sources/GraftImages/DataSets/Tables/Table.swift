import Foundation

/// Rows under named columns, as a file has them: nothing is known yet of what they mean.
struct Table {
  struct Row {
    /// The line of the file where the row begins, counted from 1.
    let line: Int
    /// In the order of the columns; what is missing at the end is empty.
    let cells: [Cell]

    subscript(column: Int) -> Cell { column < cells.count ? cells[column] : .text("") }
  }

  enum Cell: Hashable {
    case text(String)
    /// A JSON array.
    case list([String])

    var isEmpty: Bool {
      switch self {
      case .text(let text): text.isEmpty
      case .list(let texts): texts.isEmpty
      }
    }
  }

  /// The file, as messages name it.
  let file: String
  let columns: [String]
  let rows: [Row]

  /// Reads a file of comma-separated values, or of those that semicolons or tabs separate, or of JSON objects: an array of
  /// them, or one a line. Which of them it is, the first character tells.
  ///
  /// - Throws: `DatasetError.unreadableTable`, `.table` with the line, or `.emptyTable`.
  /// - Complexity: linear in the file's size.
  init(contentsOf url: URL) throws(DatasetError) {
    let bytes = try Self.bytes(of: url)
    do throws(TableProblem) {
      try self.init(bytes, file: url.relativePath)
    } catch {
      throw .table(file: url.relativePath, problems: [error])
    }
    if rows.isEmpty { throw .emptyTable(file) }
  }

  init(_ bytes: [UInt8], file: String) throws(TableProblem) {
    let text = try Self.withoutMark(bytes)
    self.file = file
    if let first = text.first(where: { !$0.isJSONSpace }), first == .openBracket || first == .openBrace {
      (columns, rows) = try JSONRows.read(text)
    } else {
      (columns, rows) = try DelimitedRows.read(text)
    }
  }

  private static func bytes(of url: URL) throws(DatasetError) -> [UInt8] {
    let file = url.relativePath
    // Opening a pipe would otherwise wait for a writer that may never come.
    let type = (try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path))?[.type]
    guard let type = type as? FileAttributeType else { throw .missingTable(file) }
    guard type == .typeRegular else { throw .unreadableTable(file, reason: "it is no regular file") }
    do {
      return Array(try Data(contentsOf: url))
    } catch {
      throw .unreadableTable(file, reason: FileContents.reason(of: error))
    }
  }

  /// The text behind a byte order mark, if it is UTF-8 all through.
  private static func withoutMark(_ bytes: [UInt8]) throws(TableProblem) -> [UInt8] {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      throw TableProblem(line: 1, fault: .encoding("UTF-16"))
    }
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: text, as: UTF8.self) == nil else { return text }
    var line = 1
    for part in text.split(separator: .newline, omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { break }
      line += 1
    }
    throw TableProblem(line: line, fault: .encoding(nil))
  }
}

extension UInt8 {
  static let newline: UInt8 = 0x0a
  static let carriageReturn: UInt8 = 0x0d
  static let tab: UInt8 = 0x09
  static let space: UInt8 = 0x20
  static let quote: UInt8 = 0x22
  static let comma: UInt8 = 0x2c
  static let semicolon: UInt8 = 0x3b
  static let openBracket: UInt8 = 0x5b
  static let closeBracket: UInt8 = 0x5d
  static let openBrace: UInt8 = 0x7b
  static let closeBrace: UInt8 = 0x7d

  /// What JSON allows between its parts.
  var isJSONSpace: Bool { self == .space || self == .tab || self == .newline || self == .carriageReturn }
}
