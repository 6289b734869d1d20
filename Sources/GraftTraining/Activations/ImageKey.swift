import Foundation
import GraftFormats

/// What an image's activations are found by: the SHA-256 of its file, and which of its views they are of.
struct ImageKey: Hashable, Sendable {
  let bytes: [UInt8]

  static let byteCount = 32 + 8 + 8

  /// - Parameters:
  ///   - view: the number of the view; the evaluation view is the first.
  ///   - seed: of what is random in the view; nothing is in the evaluation view.
  /// - Throws: `FormatError` where OpenSSL refuses.
  init(of content: Data, view: UInt64 = 0, seed: UInt64 = 0) throws {
    let hasher = try ContentHasher()
    try content.withUnsafeBytes { try hasher.update($0) }
    self.init(
      bytes: try hasher.digest()
        + [view, seed].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
  }

  /// - Parameter bytes: of an existing key.
  init(bytes: [UInt8]) {
    precondition(bytes.count == Self.byteCount)
    self.bytes = bytes
  }
}
