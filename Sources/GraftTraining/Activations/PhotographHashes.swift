import GraftEngine
import GraftFormats
import GraftImages

/// The SHA-256 of each photograph's file of one training, read once, whoever asks: a checkpoint, which is of these photographs and no
/// others, and at the beginning of each stage the frontier cache, which knows activations by them.
@EngineActor
final class PhotographHashes {
  /// To train on, those of a target domain included, and to validate with.
  private let samples: (training: [Sample], validation: [Sample])
  private var known: (training: [[UInt8]?], validation: [[UInt8]?])?

  init(_ trainer: Trainer) {
    samples = (trainer.seen, trainer.validation)
  }

  /// In the samples' order; nil for a file that cannot be read or is no image by its beginning.
  ///
  /// - Throws: `CancellationError`.
  func all() async throws -> (training: [[UInt8]?], validation: [[UInt8]?]) {
    if let known { return known }
    let hashes = try await (
      training: FrontierStore.contents(of: samples.training), validation: FrontierStore.contents(of: samples.validation)
    )
    known = hashes
    return hashes
  }

  /// One SHA-256 of all of them, in hexadecimal digits.
  ///
  /// - Throws: `CancellationError`.
  func identity() async throws -> String {
    let hashes = try await all()
    let hasher = try ContentHasher()
    for content in hashes.training + hashes.validation {
      // What cannot be read has no content, which is a fact as well: the others' order depends on it.
      try hasher.update(content.map { [1] + $0 } ?? [0])
    }
    return try hasher.digest().hexadecimal
  }
}
