import Foundation
import Testing

@testable import GraftImages

struct JSONRowsTests {
  private func table(_ text: String) throws(TableProblem) -> Table { try Table(Array(text.utf8), file: "t.json") }

  private func problem(_ text: String) -> String {
    do throws(TableProblem) { return "no problem: \(try table(text))" } catch { return error.description }
  }

  @Test(arguments: [
    "[{\"path\": \"a.jpg\", \"label\": \"cat\"},\n {\"label\": \"dog\", \"path\": \"b.jpg\"}]",
    "{\"path\":\"a.jpg\",\"label\":\"cat\"}\n{\"path\":\"b.jpg\",\"label\":\"dog\"}\n\n",
    "\u{feff} [ { \"path\" : \"a.jpg\" , \"label\" : \"c\\u0061t\" } , { \"path\" : \"b.jpg\" , \"label\" : \"dog\" } ] ",
  ])
  func `an array of objects and an object a line are the same`(text: String) throws {
    let table = try table(text)
    #expect(table.columns == ["path", "label"])
    #expect(table.rows.map { [$0.text(0), $0.text(1)] } == [["a.jpg", "cat"], ["b.jpg", "dog"]])
  }

  @Test func `values of all kinds`() throws {
    let table = try table(
      """
      {"s": "\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\udc1d\\ud83dx", "n": -1.50e3, "t": true, "z": null, "l": ["a", 2, null], "e": []}
      {"o": {"deep": [1, {"x": "}]"}]}, "m": [["a"], ["b"]], "s": "ä🐝"}
      """)
    #expect(table.columns == ["s", "n", "t", "z", "l", "e", "o", "m"])
    #expect(table.rows[0].text(0) == "\"\\/\u{8}\u{c}\n\r\tä🐝\u{fffd}x")
    #expect((1...3).map { table.rows[0].text($0) } == ["-1.50e3", "true", ""])
    #expect(table.rows[0][4] == .list(["a", "2", ""]) && table.rows[0][5] == .list([]))
    #expect(table.rows[0][7] == .text(""))
    #expect(table.rows[1][6] == .text("") && table.rows[1][7] == .text("") && table.rows[1].text(0) == "ä🐝")
    #expect(table.rows.map(\.line) == [1, 2])
  }

  @Test func `what is wrong is said with its line`() {
    let advice = " Give an array of objects, or one object on each line."
    #expect(problem("[\n{\"a\": 1},\n{\"a\": }\n]") == "line 3: this is no JSON table: expected a value." + advice)
    #expect(
      problem("[{\"a\": 1}\n{\"a\": 2}]").hasPrefix("line 2: this is no JSON table: expected a comma or the list's end")
    )
    #expect(problem("[{\"a\": 1}").hasPrefix("line 1: this is no JSON table: the list is not closed"))
    #expect(problem("{\"a\": 1}\n[]").hasPrefix("line 2: this is no JSON table: expected an object such as"))
    #expect(problem("[{}] x").contains("there is something behind the list"))
    #expect(problem("{\"a\n\": 1}").contains("a text holds a line end or control character"))
    #expect(problem("{\"a\": \"\\u12\"}").contains("\\u without four hexadecimal digits"))
    #expect(problem("{\"a\": [[1}").contains("a bracket is not closed"))
    #expect(problem("{\"a\": maybe}").contains("expected a value"))
  }

  @Test func `depth costs no stack, and names no end of memory`() {
    #expect(problem("{\"a\": " + String(repeating: "[", count: 1_000_000)).contains("a bracket is not closed"))
    let names = (0..<1001).map { "{\"\($0)\": 1}" }.joined(separator: "\n")
    #expect(problem(names).hasPrefix("line 1001: this is no JSON table: more than 1000 different names"))
  }
}
