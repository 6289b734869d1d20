/// Comma-separated values as RFC 4180 has them, and what programs make of them: semicolons or tabs as separators, any line
/// ends, spaces around cells that are in no quotation marks.
enum DelimitedRows {
  /// - Throws: `TableProblem` with the line: marks that never close, text behind them, rows of another length than the first.
  static func read(_ bytes: [UInt8]) throws(TableProblem) -> (columns: [String], rows: [Table.Row]) {
    var scanner = Scanner(bytes: bytes, separator: separator(of: bytes))
    var columns: [String] = []
    var rows: [Table.Row] = []
    while let (line, cells) = try scanner.next() {
      // An empty line is no row of one empty cell.
      if cells.allSatisfy(\.isEmpty) { continue }
      if columns.isEmpty {
        columns = cells
        continue
      }
      guard cells.count == columns.count else {
        throw TableProblem(line: line, fault: .cellCount(found: cells.count, expected: columns.count))
      }
      rows.append(Table.Row(line: line, cells: cells.map(Table.Cell.text)))
    }
    return (columns, rows)
  }

  /// The separator that occurs most in the first line that is not empty, outside of quotation marks; a comma where none does.
  private static func separator(of bytes: [UInt8]) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    var isEmpty = true
    for byte in bytes {
      switch byte {
      case .quote: isQuoted.toggle()
      case .comma, .semicolon, .tab: if !isQuoted { counts[byte, default: 0] += 1 }
      case .newline, .carriageReturn:
        if !isQuoted && !isEmpty { return best(counts) }
        continue
      default: break
      }
      isEmpty = false
    }
    return best(counts)
  }

  private static func best(_ counts: [UInt8: Int]) -> UInt8 {
    [UInt8.semicolon, .tab].reduce(.comma) { best, other in
      counts[other, default: 0] > counts[best, default: 0] ? other : best
    }
  }

  private struct Scanner {
    let bytes: [UInt8]
    let separator: UInt8
    var position = 0
    var line = 1

    /// The cells up to the next line end outside of quotation marks, nil at the file's end.
    mutating func next() throws(TableProblem) -> (line: Int, cells: [String])? {
      guard position < bytes.count else { return nil }
      let first = line
      var cells: [String] = []
      while true {
        cells.append(try cell())
        guard position < bytes.count, bytes[position] == separator else { break }
        position += 1
      }
      skipLineEnd()
      return (first, cells)
    }

    private mutating func cell() throws(TableProblem) -> String {
      var start = position
      while start < bytes.count, isBlank(bytes[start]) { start += 1 }
      if start < bytes.count, bytes[start] == .quote {
        position = start
        return try quotedCell()
      }
      while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
      var end = position
      while end > start, isBlank(bytes[end - 1]) { end -= 1 }
      return String(decoding: bytes[min(start, end)..<end], as: UTF8.self)
    }

    private mutating func quotedCell() throws(TableProblem) -> String {
      let first = line
      var content: [UInt8] = []
      position += 1
      while true {
        guard position < bytes.count else { throw TableProblem(line: first, fault: .openQuote) }
        let byte = bytes[position]
        position += 1
        if byte == .quote {
          guard position < bytes.count, bytes[position] == .quote else { break }
          position += 1
        } else if byte == .newline
          || byte == .carriageReturn && (position == bytes.count || bytes[position] != .newline)
        {
          line += 1
        }
        content.append(byte)
      }
      while position < bytes.count, isBlank(bytes[position]) { position += 1 }
      guard position == bytes.count || isEnd(bytes[position]) else {
        throw TableProblem(line: line, fault: .textAfterQuote)
      }
      return String(decoding: content, as: UTF8.self)
    }

    private mutating func skipLineEnd() {
      guard position < bytes.count else { return }
      let isReturn = bytes[position] == .carriageReturn
      position += 1
      if isReturn, position < bytes.count, bytes[position] == .newline { position += 1 }
      line += 1
    }

    private func isBlank(_ byte: UInt8) -> Bool { (byte == .space || byte == .tab) && byte != separator }

    private func isEnd(_ byte: UInt8) -> Bool { byte == separator || byte == .newline || byte == .carriageReturn }
  }
}
