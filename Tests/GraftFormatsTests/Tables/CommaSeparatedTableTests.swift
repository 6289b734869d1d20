import Foundation
import Testing

@testable import GraftFormats

@Suite struct CommaSeparatedTableTests {
  private func read(_ text: String) throws -> CommaSeparatedTable {
    try CommaSeparatedTable(Array(text.utf8)[...], path: "table.csv")
  }

  @Test func `cells with commas, quotation marks and line ends come back as they were`() throws {
    let table = CommaSeparatedTable(
      columns: ["a,b", "\"", "line\nend", "\r\n"], rows: [["", " x ", "\"\"", ","], ["1", "é", "<b>&\"", "\n"]])
    #expect(try read(table.text) == table)
    #expect(table.text.hasPrefix("\"a,b\",\"\"\"\",\"line\nend\",\"\r\n\"\n, x ,"))
  }

  @Test func `both line ends, no line end, a byte-order mark and empty lines are read`() throws {
    let expected = CommaSeparatedTable(columns: ["a", "b"], rows: [["1", "2"], ["3", ""]])
    for text in [
      "a,b\n1,2\n3,\n", "a,b\r\n1,2\r\n3,\r\n", "a,b\n1,2\n3,", "\u{feff}a,b\n1,2\n\n3,\n\n",
      "\"a\",\"b\"\n\"1\",2\n3,\"\"",
    ] {
      #expect(try read(text) == expected, "\(text)")
    }
  }

  @Test func `a single column keeps its empty cells`() throws {
    #expect(try read("a\n1\n\n2\n").rows == [["1"], [""], ["2"]])
  }

  @Test func `what is no table is refused with its place`() throws {
    let advice = "Download it again, or write it again with the program that made it."
    #expect(
      message { _ = try read("a,b\n1,2\n3\n") }
        == "table.csv is not a valid CSV file: row 2 has 1 cells, and the header 2. \(advice)")
    #expect(
      message { _ = try read("a,b\n\"1,2\n") }
        == "table.csv is not a valid CSV file: row 1 has 1 cells, and the header 2. \(advice)")
    #expect(
      message { _ = try read("a\n\"1") }
        == "table.csv is not a valid CSV file: a quotation mark is never closed. \(advice)")
    #expect(message { _ = try read("") } == "table.csv is empty: it holds 0 bytes. Download it again.")
  }
}
