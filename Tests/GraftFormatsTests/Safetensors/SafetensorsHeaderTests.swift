import Foundation
import Testing

@testable import GraftFormats

/// What reading a file of this header and this many bytes of elements says, without the path and the advice.
private func verdict(_ json: String, elements: Int = 0, length: UInt64? = nil) throws -> String {
  let folder = try TemporaryFolder()
  let size = withUnsafeBytes(of: (length ?? UInt64(json.utf8.count)).littleEndian) { Array($0) }
  let url = try folder.file("a", size + Array(json.utf8) + [UInt8](repeating: 0, count: elements))
  return message { _ = try SafetensorsFile(contentsOf: url) }
    .replacing("\(url.path) is not a valid safetensors file: ", with: "")
    .replacing(". Download it again, or write it again with the program that made it.", with: "")
    .replacing("\(url.path) ", with: "")
}

private func entry(_ name: String, _ shape: String, _ offsets: String, type: String = "F32") -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}

@Suite struct `Safetensors headers` {
  @Test func `that are sound pass`() throws {
    #expect(try verdict("{\(entry("a", "[1]", "[0,4]"))}", elements: 4) == "nothing")
    #expect(try verdict("{}") == "nothing")
  }

  @Test func `of absurd length are refused before anything is allocated`() throws {
    #expect(
      try verdict("{}", length: .max)
        == "it announces a header of 18446744073709551615 bytes, and 100,000,000 are allowed")
    #expect(
      try verdict("{}", length: 1000)
        == "is cut off: it holds 10 bytes of the 1,008 that its header announces. Download it again.")
    let folder = try TemporaryFolder()
    let url = try folder.file("a", [1, 0, 0])
    #expect(
      message { _ = try SafetensorsFile(contentsOf: url) }
        == "\(url.path) is not a valid safetensors file: it has no room for the length of its header. "
        + "Download it again, or write it again with the program that made it.")
  }

  @Test(arguments: ["{\"a\":", "{]      ", "{\"a\":{}} x"])
  func `that are no JSON are refused`(json: String) throws {
    #expect(try verdict(json) == "its header is not the JSON that it should be")
  }

  @Test func `nested a million deep are refused`() throws {
    #expect(
      try verdict("{\"a\":" + String(repeating: "[", count: 1_000_000))
        == "its header is not the JSON that it should be")
  }

  @Test(arguments: [
    "\"a\":1", "\"a\":{}", entry("a", "[NaN]", "[0,4]"), entry("a", "[1.5]", "[0,4]"), entry("a", "[1e300]", "[0,4]"),
    entry("a", "[\"1\"]", "[0,4]"), entry("a", "[true]", "[0,4]"), entry("a", "[1]", "[0,99999999999999999999]"),
    entry("a", "null", "[0,4]"),
  ])
  func `with entries that are no types, shapes and offsets are refused`(member: String) throws {
    let words = try verdict("{\(member)}", elements: 4)
    // NaN is no JSON at all, the others are no entries.
    #expect(
      words == "the entry of the tensor 'a' is not a type, a shape and two offsets"
        || (member.contains("NaN") && words == "its header is not the JSON that it should be"))
  }

  @Test func `with impossible shapes and places are refused`() throws {
    #expect(
      try verdict("{\(entry("a", "[-1]", "[0,4]"))}", elements: 4) == "the tensor 'a' has the impossible shape [-1]")
    #expect(
      try verdict("{\(entry("a", "[0,4611686018427387904,4]", "[0,0]"))}")
        == "the tensor 'a' has the impossible shape [0, 4611686018427387904, 4]")
    #expect(
      try verdict("{\(entry("a", "[1]", "[4,0]"))}", elements: 4) == "the tensor 'a' has the impossible place [4, 0]")
    #expect(
      try verdict("{\(entry("a", "[1]", "[-4,0]"))}", elements: 4) == "the tensor 'a' has the impossible place [-4, 0]")
    #expect(try verdict("{\(entry("a", "[1]", "[0]"))}", elements: 4) == "the tensor 'a' has the impossible place [0]")
    #expect(
      try verdict("{\(entry("a", "[2]", "[0,4]"))}", elements: 4)
        == "the tensor 'a' of shape [2] and type F32 needs 8 bytes, but has 4")
    #expect(
      try verdict("{\(entry("a", "[1]", "[0,4]", type: "F4"))}", elements: 4)
        == "the tensor 'a' has the element type 'F4', which Graft does not know")
  }

  @Test func `with overlaps, gaps or leftovers are refused`() throws {
    let first = entry("a", "[2]", "[0,8]")
    #expect(
      try verdict("{\(first),\(entry("b", "[1]", "[4,8]"))}", elements: 8)
        == "the tensor 'b' overlaps the one before it")
    #expect(
      try verdict("{\(first),\(entry("b", "[1]", "[12,16]"))}", elements: 16)
        == "4 bytes before the tensor 'b' belong to none")
    #expect(try verdict("{\(first)}", elements: 9) == "1 bytes at its end belong to no tensor")
    #expect(
      try verdict("{\(first)}", elements: 7)
        == "is cut off: it holds 69 bytes of the 70 that its header announces. Download it again.")
    #expect(
      try verdict("{\(entry("a", "[2305843009213693951]", "[0,9223372036854775804]"))}")
        == "its tensors end beyond any file")
  }

  @Test func `with metadata that is no text are refused`() throws {
    #expect(try verdict("{\"__metadata__\":{\"a\":1}}") == "its '__metadata__' holds something other than text")
  }

  @Test func `of another kind of file name it`() throws {
    let url = try fixture("keras1.h5")
    #expect(
      message { _ = try SafetensorsFile(contentsOf: url) }
        == "\(url.path) is an HDF5 file, not a safetensors file. Check that it is the file you meant.")
  }
}
