import Foundation

/// A sound image file that shows no photograph, but a notice that there is none.
///
/// Image hosts answer so where a photograph was deleted, with success and a picture, and whoever gathered a data set by
/// its addresses saved it among the others. Recognised by the exact content of the file alone: what a picture shows is
/// not judged here.
struct KnownPlaceholder: Hashable, Sendable {
  let byteCount: Int
  /// Of the whole file, by `fnv1a`. With the length it keeps photographs apart from a notice that nobody disguises.
  let hash: UInt64
  /// What the picture says, in lower case.
  let notice: String

  static let all = [
    // 300 × 300 pixels, “We’re sorry, this image could not be found.”: `imageNotFound.gif` among the ants and bees of
    // the well-known transfer-learning tutorial, whose photographs were gathered from ImageNet's list of addresses.
    KnownPlaceholder(byteCount: 5504, hash: 0x397f_c331_2cb3_5fd4, notice: "this image could not be found")
  ]

  /// The placeholder that the content of a file is.
  static func recognized(_ content: Data, among known: [KnownPlaceholder] = all) -> KnownPlaceholder? {
    // The length first: hashing every photograph would cost time for nothing.
    let candidates = known.filter { $0.byteCount == content.count }
    guard !candidates.isEmpty else { return nil }
    let hash = fnv1a(content)
    return candidates.first { $0.hash == hash }
  }

  /// The 64-bit hash FNV-1a of Fowler, Noll and Vo. http://www.isthe.com/chongo/tech/comp/fnv/
  static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
  }
}
