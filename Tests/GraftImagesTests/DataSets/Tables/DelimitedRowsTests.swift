import Foundation
import Testing

@testable import GraftImages

struct DelimitedRowsTests {
  private func rows(_ text: String) throws(TableProblem) -> [[String]] {
    let table = try Table(Array(text.utf8), file: "t.csv")
    return [table.columns] + table.rows.map { row in table.columns.indices.map { row.text($0) } }
  }

  private func problem(_ text: String) -> String {
    do throws(TableProblem) { return "no problem: \(try rows(text))" } catch { return error.description }
  }

  @Test(arguments: [
    "path,label\na.jpg,cat\nb.jpg,dog\n",
    "path,label\r\na.jpg,cat\r\nb.jpg,dog",
    "path,label\ra.jpg,cat\rb.jpg,dog\r",
    "\u{feff}path,label\na.jpg,cat\nb.jpg,dog\n",
    "\u{feff}\"path\",\"label\"\r\n\"a.jpg\",\"cat\"\r\n\"b.jpg\",dog\r\n",
    "path;label\na.jpg;cat\nb.jpg;dog\n",
    "path\tlabel\na.jpg\tcat\nb.jpg\tdog\n",
    "\n\npath , label\n a.jpg,\tcat \n\n \"b.jpg\" ,dog\n\n\n",
  ])
  func `the same rows, however they are written`(text: String) throws {
    #expect(try rows(text) == [["path", "label"], ["a.jpg", "cat"], ["b.jpg", "dog"]])
  }

  @Test func `quotation marks keep separators, line ends, spaces and quotation marks`() throws {
    #expect(
      try rows("path,label\n\"a,1;\r\n2.jpg\",\" c \"\"x\"\" \"\nb \"1\".jpg,\n")
        == [["path", "label"], ["a,1;\r\n2.jpg", " c \"x\" "], ["b \"1\".jpg", ""]])
  }

  @Test func `the separator is the one of the first line, outside of quotation marks`() throws {
    #expect(try rows("path;\"a,b,c\"\n1,5;x,y\n") == [["path", "a,b,c"], ["1,5", "x,y"]])
    #expect(try rows("path\na b\n") == [["path"], ["a b"]])
    #expect(try rows("a\tb\n\"x\"\t\n") == [["a", "b"], ["x", ""]])
  }

  @Test func `characters that join others do not hide marks`() throws {
    #expect(try rows("path,label\n\u{301}a.jpg,\u{301}cat\n")[1] == ["\u{301}a.jpg", "\u{301}cat"])
    #expect(problem("path,label\n\"a\"\u{301},cat\n").hasPrefix("line 2: there is text between a closing"))
  }

  @Test func `rows know their lines, across line ends within cells`() throws {
    let table = try Table(Array("a,b\r\n\"1\r\n2\n3\",x\r\n\r\ny,z\r\n".utf8), file: "t.csv")
    #expect(table.rows.map(\.line) == [2, 6])
  }

  @Test func `what is wrong is said with its line`() {
    #expect(
      problem("path,label\na.jpg,cat\nb.jpg\n") == "line 3: the row has 1 cell, but the first line names 2 columns. "
        + "Put a cell that holds a separator into quotation marks.")
    #expect(problem("path,label\na,b,c\n").hasPrefix("line 2: the row has 3 cells"))
    #expect(
      problem("path,label\nx,y\n\"a.jpg,cat\nb.jpg,dog\n") == "line 3: a quotation mark opens here and never closes. "
        + "Close it, or double it where it belongs to the text.")
    #expect(
      problem("path,label\n\"a\"b,cat\n") == "line 2: there is text between a closing quotation mark and the next "
        + "separator. Double the quotation marks within a cell.")
  }

  @Test func `other encodings are named`() {
    func problem(_ bytes: [UInt8]) -> String {
      do throws(TableProblem) { return "\(try Table(bytes, file: "t"))" } catch { return error.description }
    }
    #expect(
      problem(Array("path,label\na,b\nb,".utf8) + [0xe4, 0x0a])
        == "line 3: the text is no UTF-8. Save the table as UTF-8 (in Excel: “CSV UTF-8”).")
    #expect(problem([0xff, 0xfe, 0x70, 0x00]).hasPrefix("line 1: the text is UTF-16."))
  }
}

extension Table.Row {
  func text(_ column: Int) -> String { if case .text(let text) = self[column] { text } else { "a list" } }
}
