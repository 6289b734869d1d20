import Foundation
import Testing

@testable import GraftImages

struct KnownPlaceholderTests {
  /// The test vectors of the hash's authors.
  @Test(
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)])
  func `the hash is FNV-1a`(text: String, hash: UInt64) {
    #expect(KnownPlaceholder.fnv1a(text.utf8) == hash)
  }

  @Test func `only the exact bytes are a placeholder`() {
    let known = KnownPlaceholder(byteCount: 6, hash: KnownPlaceholder.fnv1a("foobar".utf8), notice: "none")
    #expect(KnownPlaceholder.recognized(Data("foobar".utf8), among: [known]) == known)
    #expect(KnownPlaceholder.recognized(Data("foobaz".utf8), among: [known]) == nil)
    #expect(KnownPlaceholder.recognized(Data("foobar ".utf8), among: [known]) == nil)
    #expect(KnownPlaceholder.recognized(Data(), among: [known]) == nil)
  }

  @Test func `a placeholder says what it is and what to do`() {
    let error = ImageError.placeholder(notice: "this image could not be found")
    #expect(
      error.description
        == "a notice that the image host sends in place of a deleted photograph (“this image could not be found”), "
        + "not a photograph: remove the file")
    #expect(error.errorDescription == error.description)
  }
}
