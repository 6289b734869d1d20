import Foundation
import GraftFormats
import GraftImages

/// What an image's activations are found by: the SHA-256 of its file, and which of its views they are of.
struct ImageKey: Hashable, Sendable {
  let bytes: [UInt8]

  static let byteCount = 32 + KeyedView.markBytes

  /// - Parameter content: the SHA-256 of the image's file.
  init(content: [UInt8], view: KeyedView) {
    precondition(content.count == 32)
    bytes = content + view.mark
  }
}

/// A view of images, and what tells its activations from those of their other views at the same frontier.
struct KeyedView: Sendable {
  let view: any ImageView
  let mark: [UInt8]

  static let markBytes = 16

  /// The evaluation view, of which a frontier's context speaks.
  init(_ view: EvaluationView) {
    self.view = view
    mark = [UInt8](repeating: 0, count: Self.markBytes)
  }

  /// - Throws: `FormatError` where OpenSSL refuses.
  init(_ view: TrainingView) throws {
    self.view = view
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let hasher = try ContentHasher()
    try hasher.update(Array(encoder.encode(view)))
    mark = Array(try hasher.digest().prefix(Self.markBytes))
  }
}
