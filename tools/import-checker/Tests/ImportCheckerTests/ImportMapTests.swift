import ImportChecker
import Testing

@Suite struct ImportMapTests {
  @Test func `comments and empty lines are skipped, and spaces do not matter`() throws {
    let map = try ImportMap(text: "# a comment\n\nBase:\n  Top :  Base   Logging # why\n")
    #expect(map.allowed == ["Base": [], "Top": ["Base", "Logging"]])
  }

  @Test(arguments: ["Top Base", "Top: Base: Other", ": Base", "Top Other: Base", "Base:"])
  func `a line that is no entry is named with its number`(line: String) throws {
    let error = try #require(throws: CheckError.self) { try ImportMap(text: "Base:\n\(line)\n") }
    #expect(
      error.description
        == "line 2 of the import map is \"\(line)\"; expected \"Module: Import Import …\", once for each module")
  }
}
