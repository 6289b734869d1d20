import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

private let again = "Download it again, or write it again with the program that made it."

@Suite struct `ZIP archives` {
  @Test func `list their entries with sizes, and unpack them`() throws {
    let archive = try ZipArchive(contentsOf: fixture("entries.zip"))
    #expect(archive.entries.map(\.name) == ["empty", "folder/stored", "folder/deflated", "large", "padded"])
    #expect(archive.entries.map(\.size) == [0, 16, 4096, 8, 12])
    #expect(archive.entries.map(\.isStored) == [true, true, false, true, true])
    #expect(archive["folder"] == nil)
    let deflated = try #require(archive["folder/deflated"])
    #expect(deflated.compressedSize < 200)
    #expect(try archive.contents(of: deflated) == (0..<64).flatMap { _ in Array(0..<64) })
    #expect(try archive.contents(of: #require(archive["empty"])) == [])
  }

  @Test func `tell where stored entries lie, behind headers of any length`() throws {
    let archive = try ZipArchive(contentsOf: fixture("entries.zip"))
    for entry in archive.entries where entry.isStored {
      let offset = try #require(entry.offset)
      #expect(try Array(archive.file.bytes[offset..<offset + entry.size]) == archive.contents(of: entry))
    }
    let padded = try #require(archive["padded"]?.offset)
    #expect(archive.file.tensor(at: padded, shape: [3], dataType: .float32).floats == [7, 8, 9])
    #expect(archive["folder/deflated"]?.offset == nil)
  }

  @Test func `unpack no more than the caller has use for`() throws {
    let url = try fixture("entries.zip")
    let archive = try ZipArchive(contentsOf: url)
    let entry = try #require(archive["folder/deflated"])
    #expect(try archive.contents(of: entry, limit: 4096).count == 4096)
    #expect(
      message { _ = try archive.contents(of: entry, limit: 4095) }
        == "\(url.path) is not a valid ZIP file: its entry 'folder/deflated' announces 4,096 bytes, and 4,095 are "
        + "allowed. \(again)")
  }

  @Test func `are read by many threads at once`() async throws {
    let archive = try ZipArchive(contentsOf: fixture("entries.zip"))
    let entry = try #require(archive["folder/deflated"])
    await withTaskGroup(of: Int?.self) { group in
      for _ in 0..<32 { group.addTask { try? archive.contents(of: entry).count } }
      for await count in group { #expect(count == 4096) }
    }
  }
}

@Suite struct `ZIP archives are refused` {
  private let folder: TemporaryFolder
  private let bytes: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    bytes = try Array(Data(contentsOf: fixture("entries.zip")))
  }

  /// What opening the bytes says, and what unpacking everything says, after the file's path.
  private func words(_ bytes: [UInt8]) throws -> String {
    let url = try folder.file("a.zip", bytes)
    return message {
      let archive = try ZipArchive(contentsOf: url)
      for entry in archive.entries { _ = try archive.contents(of: entry) }
    }.replacing("\(url.path) ", with: "")
  }

  /// Where the list of contents has the entry.
  private func record(_ name: String) throws -> Int {
    let mark = [0x50, 0x4b, 1, 2] as [UInt8]
    return try #require(
      bytes.indices.dropLast(46).first { start in
        bytes[start...].starts(with: mark) && bytes[(start + 46)...].starts(with: name.utf8)
      })
  }

  @Test func `where they are something else`() throws {
    #expect(
      try words(Array("{}".utf8)) == "is a JSON document, not a ZIP archive. Check that it is the file you meant.")
  }

  @Test func `where they are cut off`() throws {
    let missing =
      "is not a valid ZIP file: the list of contents at its end is missing: it is probably cut off. \(again)"
    for count in [10, 40, bytes.count / 2, bytes.count - 30] {
      #expect(try words(Array(bytes.prefix(count))) == missing)
    }
  }

  @Test func `where an entry announces more than can have been packed`() throws {
    var bytes = bytes
    let record = try record("folder/deflated")
    bytes.replaceSubrange(record + 24..<record + 28, with: [0, 0, 0, 0x40])
    #expect(
      try words(bytes).contains(
        "is not a valid ZIP file: its entry 'folder/deflated' announces 1,073,741,824 bytes, but only"))
  }

  @Test func `where entries claim more room than there is`() throws {
    var bytes = bytes
    let record = try record("padded")
    for field in [20, 24] { bytes.replaceSubrange(record + field..<record + field + 4, with: [0, 0, 0, 0x40]) }
    #expect(try words(bytes) == "is not a valid ZIP file: its entries claim more room than it has. \(again)")
  }

  @Test func `where an entry is damaged`() throws {
    var bytes = bytes
    let offset = try #require(ZipArchive(contentsOf: fixture("entries.zip"))["padded"]?.offset)
    bytes[offset] ^= 1
    #expect(try words(bytes) == "is not a valid ZIP file: its entry 'padded' is damaged: CRC error. \(again)")
  }

  @Test func `where two entries bear one name`() throws {
    var bytes = bytes
    let record = try record("large")
    bytes.replaceSubrange(record + 46..<record + 51, with: "empty".utf8)
    #expect(try words(bytes) == "is not a valid ZIP file: it lists the entry 'empty' twice. \(again)")
  }

  @Test func `where they announce entries that are not there`() throws {
    var bytes = bytes
    let end = try #require(bytes.indices.dropLast(22).first { bytes[$0...].starts(with: [0x50, 0x4b, 5, 6]) })
    bytes.replaceSubrange(end + 10..<end + 12, with: [0, 4])
    #expect(try words(bytes) == "is not a valid ZIP file: its list of contents lies outside of it. \(again)")
    bytes.replaceSubrange(end + 10..<end + 12, with: [6, 0])
    #expect(
      try words(bytes) == "is not a valid ZIP file: its list of contents is damaged after 5 entries. \(again)")
    bytes.replaceSubrange(end + 10..<end + 12, with: [4, 0])
    #expect(
      try words(bytes) == "is not a valid ZIP file: its list of contents is damaged or ambiguous. \(again)")
  }

  @Test func `where an entry is packed by a method of its own, or encrypted`() throws {
    let advice = "Save the model again with the program that made it, or pack the archive anew with `zip`."
    let url = try fixture("lzma.zip")
    #expect(
      message { _ = try ZipArchive(contentsOf: url) }
        == "\(url.path) holds the entry 'packed', which is compressed by the method 14, which Graft does not read. "
        + advice)
    var bytes = bytes
    bytes[try record("padded") + 8] |= 1
    #expect(
      try words(bytes) == "holds the entry 'padded', which is encrypted, which Graft does not read. \(advice)")
  }

  @Test func `or read, never worse, whatever is changed in them`() throws {
    var generator = SeededGenerator(seed: 11)
    var refused = 0
    for _ in 0..<600 {
      var mutant = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: mutant.indices, using: &generator)
        mutant[index] = [0, 0xff, .random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
      }
      let words = try words(mutant)
      if words != "nothing" { refused += 1 }
      #expect(words == "nothing" || words.hasPrefix("is ") || words.hasPrefix("holds "), "\(words)")
    }
    #expect(refused > 200)
  }
}
