import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors
import Logging
import Synchronization

/// The part of the frontier cache that a training reads and extends: the activations at its own frontier.
///
/// Whatever goes wrong with the disk is said once, as a warning, and costs no more than computing again.
final class FrontierStore: Sendable {
  private let cache: FrontierCache
  private let context: FrontierContext
  private let layout: FrontierLayout
  /// Nil from the first failure on.
  private let file: Mutex<RecordFile?>

  /// Opens the store of a context; nil, and a warning, where that fails.
  static func open(
    _ cache: FrontierCache, layout: FrontierLayout, _ context: @EngineActor () async throws -> FrontierContext
  ) async -> FrontierStore? {
    do {
      let context = try await context()
      let file = try cache.file(of: context, payloadBytes: layout.byteCount)
      return FrontierStore(cache, context: context, layout: layout, file: file)
    } catch {
      warn(of: error)
      return nil
    }
  }

  private init(_ cache: FrontierCache, context: FrontierContext, layout: FrontierLayout, file: RecordFile) {
    self.cache = cache
    self.context = context
    self.layout = layout
    self.file = Mutex(file)
  }

  /// Whether what is appended can be read again.
  var isUsable: Bool { file.withLock { $0 != nil } }

  /// Tells files apart: the SHA-256 of one's bytes.
  static func fingerprint(_ content: Data) -> [UInt8] {
    // A refusal of OpenSSL's, which no system is known for, gives one that is never met again.
    (try? sha256(of: content)) ?? (0..<32).map { _ in .random(in: 0...255) }
  }

  private static func sha256(of content: Data) throws -> [UInt8] {
    let hasher = try ContentHasher()
    try content.withUnsafeBytes { try hasher.update($0) }
    return try hasher.digest()
  }

  /// The fingerprints of images, several at a time; nil where a file cannot be read or is no image by its beginning.
  static func contents(of samples: [Sample]) async throws -> [[UInt8]?] {
    var contents: [[UInt8]?] = []
    for part in samples.indices.parts(of: 256) {
      try Task.checkCancellation()
      contents += await concurrently(part.count) { position in
        (try? samples[part.lowerBound + position].content()).map { fingerprint($0) }
      }
    }
    return contents
  }

  /// Makes room for so many more records, at the cost of what has not been used for longest.
  func makeRoom(for missing: Int) {
    guard let file = file.withLock(\.self) else { return }
    guard cache.makeRoom(for: missing, in: file, of: context) else { return }
    do {
      let anew = try cache.file(of: context, payloadBytes: layout.byteCount)
      self.file.withLock { $0 = anew }
    } catch {
      self.file.withLock { $0 = nil }
      Self.warn(of: error)
    }
  }

  /// The remembered activations of images; nil where there are none, or they are damaged.
  func rows(of keys: [ImageKey?]) async -> [FrontierRow?] {
    guard let file = file.withLock(\.self) else { return keys.map { _ in nil } }
    let layout = layout
    return await concurrently(keys.count) { position in
      guard let key = keys[position], file.contains(key.bytes) else { return nil }
      var isWhole = false
      let record = Tensor(uninitialized: [layout.elementCount]) { isWhole = file.read(key.bytes, into: $0) }
      return isWhole ? layout.row(record) : nil
    }
  }

  /// Whether there seem to be activations; only reading them tells whether they are whole.
  func contains(_ key: ImageKey) -> Bool {
    file.withLock { $0?.contains(key.bytes) ?? false }
  }

  /// Remembers a batch's activations, each `[n, …]`, under the keys of its images.
  func append(_ activations: [String: Tensor], keys: [ImageKey]) {
    guard let file = file.withLock(\.self) else { return }
    do {
      try file.append(keys.map(\.bytes)) { row, record in layout.copy(row: row, of: activations, to: record) }
    } catch {
      self.file.withLock { $0 = nil }
      Self.warn(of: error)
    }
  }

  private static func warn(of error: any Error) {
    Logger(label: "graft.training").warning("activations are not remembered on the disk: \(error)")
  }
}

extension Range<Int> {
  /// The range in parts of at most `size`.
  func parts(of size: Int) -> [Range<Int>] {
    stride(from: lowerBound, to: upperBound, by: size).map { $0..<Swift.min($0 + size, upperBound) }
  }
}
