/// Single cells.
extension Table {
  /// - Throws: `TableProblem` where the cell is empty or has several values.
  func text(_ row: Row, _ column: Int) throws(TableProblem) -> String {
    let name = columns[column]
    switch row[column] {
    case .text(""), .list([]): throw TableProblem(line: row.line, fault: .emptyCell(column: name))
    case .text(let text): return text
    case .list(let texts) where texts.count == 1: return texts[0]
    case .list: throw TableProblem(line: row.line, fault: .severalValues(column: name))
    }
  }

  /// - Throws: `TableProblem` where the cell is no finite number.
  func number(_ row: Row, _ column: Int) throws(TableProblem) -> Float {
    let text = try text(row, column)
    guard let number = Float(text), number.isFinite else {
      throw TableProblem(line: row.line, fault: .notANumber(column: columns[column], text: text))
    }
    return number
  }
}
