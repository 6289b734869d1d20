import Foundation
import GraftFormats
import Testing

@Suite struct `ZIP archives that are written` {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "graft-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test func `hold their entries as they are, in the order given`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "a.zip")
    try ZipArchive.write(
      [
        ("b.json", .bytes(Data("{}".utf8))), ("empty", .bytes(Data())),
        ("ä/large", .file { try Data(repeating: 7, count: 3 << 20).write(to: $0) }),
      ], to: url)
    let archive = try ZipArchive(contentsOf: url)
    #expect(archive.entries.map(\.name) == ["b.json", "empty", "ä/large"])
    #expect(archive.entries.filter { !$0.isStored }.isEmpty)
    #expect(try archive.contents(of: #require(archive["b.json"])) == Array("{}".utf8))
    #expect(try archive.contents(of: #require(archive["ä/large"])) == [UInt8](repeating: 7, count: 3 << 20))
    #expect(try names == ["a.zip"])
  }

  @Test func `take the place of what was there only when they are whole`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    struct Stop: Error {}
    let url = folder.appending(path: "a.zip")
    try Data("as it was".utf8).write(to: url)
    #expect(throws: Stop.self) {
      try ZipArchive.write(
        [
          ("first", .file { try Data([1]).write(to: $0) }),
          (
            "second",
            .file { file in
              try Data([2]).write(to: file)
              throw Stop()
            }
          ),
        ], to: url)
    }
    // The closure wrote nothing.
    #expect(throws: FormatError.self) { try ZipArchive.write([("none", .file { _ in })], to: url) }
    #expect(throws: FormatError.self) {
      try ZipArchive.write([("twice", .bytes(Data([1]))), ("twice", .bytes(Data([2])))], to: url)
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == "as it was")
    #expect(try names == ["a.zip"])
  }
}
