import Foundation
import Testing

@testable import GraftFormats

/// What reading a version 1 file of this header and this many bytes of elements says, without path and advice.
private func verdict(_ header: String, elements: Int = 4, version: UInt8 = 1) throws -> String {
  let folder = try TemporaryFolder()
  let text = Array(header.utf8)
  let length = [UInt8(text.count & 0xff), UInt8(text.count >> 8)] + (version == 1 ? [] : [0, 0])
  let url = try folder.file(
    "a.npy", [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + [UInt8](repeating: 0, count: elements))
  return message { _ = try NumPyFile.read(contentsOf: url) }
    .replacing("\(url.path) is not a valid NumPy file: ", with: "")
    .replacing(". Download it again, or write it again with the program that made it.", with: "")
    .replacing("\(url.path) ", with: "")
}

private func header(_ shape: String) -> String {
  "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
}

@Suite struct `NumPy headers` {
  @Test(arguments: [
    header("(1,)"), header("(1L,)"), header("()"), header("(1,1,1)"),
    "{\"shape\": (1,), \"fortran_order\": True, \"descr\": \"=f4\"}   \n",
  ])
  func `of any spelling that Python reads pass`(text: String) throws {
    #expect(try verdict(text) == "nothing")
    #expect(try verdict(text, version: 2) == "nothing")
  }

  @Test(arguments: [
    "", "garbage", "{", "{'descr'", "{'descr': }", header("(1,"), header("(-1,)"), header("(1.5,)"),
    header("(99999999999999999999,)"), header("(1,)") + "x", "{'descr': '<f4', 'descr': '<f4'}", "{'descr': [[[",
    String(repeating: "{'a': [", count: 5000),
  ])
  func `that are no dictionary are refused`(text: String) throws {
    #expect(try verdict(text) == "its header is not the dictionary that it should be")
  }

  @Test func `without what a header must say are refused`() throws {
    #expect(try verdict("{'descr': '<f4', 'fortran_order': False}") == "its header has no shape")
    #expect(
      try verdict("{'descr': '<f4', 'fortran_order': 'no', 'shape': (1,)}")
        == "its header does not say in which order the elements lie")
    #expect(try verdict(header("(1,)"), version: 4) == "its format version is 4, and 1 to 3 are known")
  }

  @Test func `of shapes that the file cannot hold are refused`() throws {
    #expect(
      try verdict(header("(4611686018427387904, 4)")) == "the shape [4611686018427387904, 4] is impossible")
    #expect(
      try verdict(header("(2305843009213693951,)")) == "the shape [2305843009213693951] is impossible")
    #expect(
      try verdict(header("(3,)"))
        == "is cut off: it holds 71 bytes of the 79 that its header announces. Download it again.")
    #expect(try verdict(header("(1,)"), elements: 6) == "2 bytes follow its array")
  }

  @Test(arguments: [6, 8, 11, 50, 100])
  func `cut off anywhere are refused`(count: Int) throws {
    let folder = try TemporaryFolder()
    let url = try folder.file("a.npy", Data(contentsOf: fixture("c-order.npy")).prefix(count))
    #expect(
      message { _ = try NumPyFile.read(contentsOf: url) }.hasPrefix("\(url.path) is cut off: it holds \(count) bytes"))
  }
}
