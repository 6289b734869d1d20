import Foundation
import Testing

@Suite struct DataCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 6)
  }

  /// The same picture on both sides, under two classes.
  private func writeTable() throws {
    try FileManager.default.copyItem(
      at: place.folder.appending(path: "photos/red/0.bmp"), to: place.folder.appending(path: "photos/copy.bmp"))
    try place.write("photos/note.jpg", "no picture")
    try place.write(
      "t.csv",
      "file;label;split;weight\nred/0.bmp;red;train;1\nred/1.bmp;red;train;2\nblue/0.bmp;blue;train;1\nred/2.bmp;red;train;1\n"
        + "copy.bmp;blue;val;1\nblue/1.bmp;blue;val;1\nnote.jpg;red;test;1\ngone.bmp;red;test;1\n")
  }

  @Test func `a folder's classes and sides`() throws {
    let outcome = try place.graft("data", "photos", "--test-split", "0.2")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.hasPrefix("8 images for training, 2 for validation, 2 for the test\n"))
    #expect(outcome.output.contains("\nblue               4           1           1       1.000\n"))
    #expect(outcome.output.contains("12 BMP; from 40 × 30 to 40 × 30 pixels"))
  }

  @Test func `what is wrong with a table's pictures`() throws {
    try writeTable()
    let outcome = try place.graft("data", "t.csv", "--images", "photos")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("t.csv names 1 file that is not there, and left out: gone.bmp (line 9)"))
    #expect(
      outcome.output.contains(
        "pictures on more than one side, which flatters the result: 1\n"
          + "  red/0.bmp (training, red) = copy.bmp (validation, blue)\n"))
    #expect(outcome.output.contains("pictures of which different things are said: 1\n"))
    #expect(outcome.output.contains("files that cannot be read as images and will be left out: 1\n  note.jpg: text"))
    #expect(outcome.output.contains("1 images with a weight other than 1"))
  }

  @Test func `the same as JSON`() throws {
    try writeTable()
    let outcome = try place.graft("data", "t.csv", "--images", "photos", "--json")
    let json = try outcome.json()
    #expect(json["training"] as? Int == 4 && json["validation"] as? Int == 2 && json["test"] as? Int == 1)
    let look = try #require(json["look"] as? [String: Any])
    #expect(look["leaks"] as? Int == 1 && look["contradictions"] as? Int == 1)
    let duplicates = try #require(look["duplicates"] as? [[String: Any]])
    let images = try #require(duplicates[0]["images"] as? [[String: String]])
    #expect(duplicates.count == 1 && duplicates[0]["exact"] as? Bool == true)
    #expect(
      images.map { $0["side"] } == ["training", "validation"] && images.map { $0["targets"] } == ["red", "blue"])
  }

  @Test func `without a look at the files, and other heads`() throws {
    try place.write(
      "t.json",
      #"[{"path": "photos/red/0.bmp", "age": 3, "tags": ["x", "y"]}, {"path": "photos/red/1.bmp", "age": 5, "tags": []}]"#
    )
    let outcome = try place.graft(
      "data", "t.json", "--labels-column", "tags", "--value-column", "age", "--no-look")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("age: from 3 to 5, 4 on average") && outcome.output.contains("\nlabel "))
    #expect(!outcome.output.contains("BMP"))
  }

  @Test func `mistakes end with a sentence and a code`() throws {
    try writeTable()
    let column = try place.graft("data", "t.csv", "--images", "photos", "--label-column", "lable")
    #expect(column.status == 64 && column.lastMessage.contains("Did you mean “label”?"))
    let gone = try place.graft("data", "none.csv")
    #expect(gone.status == 66 && gone.lastMessage.contains("there is no such folder or table"))
    try place.write("bad.csv", "path,label\n\"x,y\n")
    let bad = try place.graft("data", "bad.csv")
    #expect(bad.status == 65 && bad.lastMessage.contains("bad.csv, line 2: a quotation mark opens here"))
    let pattern = try place.graft("data", "photos", "--group-by", "(")
    #expect(pattern.status == 64 && pattern.lastMessage.contains("is no regular expression"))
  }
}
