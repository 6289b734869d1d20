/// What is wrong with one line of a table.
public struct TableProblem: Error, Hashable, Sendable {
  /// Counted from 1; of a row that spans several, the first.
  public let line: Int
  public let fault: Fault

  public enum Fault: Hashable, Sendable {
    /// No UTF-8; what it is, where it can be told.
    case encoding(String?)
    case openQuote
    case textAfterQuote
    case cellCount(found: Int, expected: Int)
    /// `expected` is what the reader was at.
    case notJSON(String)
    case emptyCell(column: String)
    case severalValues(column: String)
    /// Where a class's name was expected.
    case numberForLabel(column: String, text: String)
    /// Where a number was expected.
    case notANumber(column: String, text: String)
    case negativeWeight(column: String, text: String)
    case unknownSplit(column: String, text: String)
    case unknownLabel(column: String, text: String, known: [String], suggestion: String?)
    /// Two rows of one image that do not say the same.
    case contradiction(path: String, line: Int)
    case missingFile(path: String)
  }
}

extension TableProblem: CustomStringConvertible {
  public var description: String { "line \(line): \(fault)" }
}

extension TableProblem.Fault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .encoding(let name):
      "the text is \(name ?? "no UTF-8"). Save the table as UTF-8 (in Excel: “CSV UTF-8”)."
    case .openQuote:
      "a quotation mark opens here and never closes. Close it, or double it where it belongs to the text."
    case .textAfterQuote:
      "there is text between a closing quotation mark and the next separator. Double the quotation marks within a cell."
    case .cellCount(let found, let expected):
      "the row has \(found) cell\(found == 1 ? "" : "s"), but the first line names \(expected) columns. "
        + "Put a cell that holds a separator into quotation marks."
    case .notJSON(let words):
      "this is no JSON table: \(words). Give an array of objects, or one object on each line."
    case .emptyCell(let column):
      "the cell “\(column)” is empty. Fill it, or remove the line."
    case .severalValues(let column):
      "the cell “\(column)” holds a list, where one text was expected. For several labels an image, use --labels-column."
    case .numberForLabel(let column, let text):
      "the cell “\(column)” holds the number \(text), where the name of a class was expected. "
        + "For numbers to predict, use --value-column \(column)."
    case .notANumber(let column, let text):
      "the cell “\(column)” holds “\(text)”, where a number was expected"
        + (text.contains(",") ? ": write it with a decimal point." : ".")
    case .negativeWeight(let column, let text):
      "the cell “\(column)” holds \(text), but a weight must be 0 or more."
    case .unknownSplit(let column, let text):
      "the cell “\(column)” holds “\(text)”; expected train, val or test."
    case .unknownLabel(let column, let text, let known, let suggestion):
      "the cell “\(column)” holds “\(text)”, which is none of the known classes (\(DatasetError.list(known)))."
        + (suggestion.map { " Did you mean “\($0)”?" } ?? "")
    case .contradiction(let path, let line):
      "\(path) stands in line \(line) too, and there other things are said of it. Remove one of the two lines."
    case .missingFile(let path):
      "there is no file \(path)."
    }
  }
}
