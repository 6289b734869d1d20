import Foundation

/// A table as a text file: a header, and rows of as many cells (RFC 4180, UTF-8).
public struct CommaSeparatedTable: Hashable, Sendable {
  public let columns: [String]
  /// Each with as many cells as there are columns.
  public let rows: [[String]]

  /// - Precondition: every row has a cell for each column.
  public init(columns: [String], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a row of another length than the header")
    self.columns = columns
    self.rows = rows
  }

  /// Reads a file. Lines may end with CRLF or LF, the last one with neither; a byte-order mark is left out.
  ///
  /// - Throws: `FormatError`; `.malformed` with the number of the row where it has too many or too few cells.
  public init(contentsOf url: URL) throws {
    let file = try ReadableFile(url)
    var bytes: [UInt8] = []
    try file.forEachPiece { bytes.append(contentsOf: $0) }
    try self.init(bytes[...], path: file.path)
  }

  init(_ bytes: ArraySlice<UInt8>, path: String) throws {
    func malformed(_ reason: String) -> FormatError { .malformed(path: path, format: "CSV", reason: reason) }
    var reader = CommaSeparatedReader(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes)
    guard let header = reader.row() else { throw FormatError.emptyFile(path: path) }
    var rows: [[String]] = []
    while let row = reader.row() {
      // An empty line, as editors leave it at the end.
      if row == [""], header.count > 1 { continue }
      guard row.count == header.count else {
        throw malformed("row \(rows.count + 1) has \(row.count) cells, and the header \(header.count)")
      }
      rows.append(row)
    }
    if reader.endsWithinQuotes { throw malformed("a quotation mark is never closed") }
    self.init(columns: header, rows: rows)
  }

  /// The file's text: lines end with LF, cells are quoted where they must be.
  public var text: String {
    ([columns] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public func write(to url: URL) throws {
    try AtomicFile.write(to: url) { try $0.write(text.utf8) }
  }

  private static func quoted(_ cell: String) -> String {
    let special = cell.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
    return special ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
  }
}

/// Takes a file apart, byte by byte.
private struct CommaSeparatedReader {
  private var rest: ArraySlice<UInt8>
  private(set) var endsWithinQuotes = false

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// The next line's cells; nil at the end.
  mutating func row() -> [String]? {
    guard !rest.isEmpty else { return nil }
    var cells: [String] = []
    while true {
      cells.append(cell())
      switch rest.popFirst() {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "\r"):
        if rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
        return cells
      default: return cells
      }
    }
  }

  /// Up to the comma or the line's end, which stays.
  private mutating func cell() -> String {
    var bytes: [UInt8] = []
    var isQuoted = false
    if rest.first == UInt8(ascii: "\"") {
      isQuoted = true
      rest.removeFirst()
    }
    while let byte = rest.first {
      if isQuoted {
        rest.removeFirst()
        if byte != UInt8(ascii: "\"") {
          bytes.append(byte)
        } else if rest.first == UInt8(ascii: "\"") {
          bytes.append(byte)
          rest.removeFirst()
        } else {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
        break
      } else {
        bytes.append(byte)
        rest.removeFirst()
      }
    }
    endsWithinQuotes = endsWithinQuotes || isQuoted
    return String(decoding: bytes, as: UTF8.self)
  }
}
