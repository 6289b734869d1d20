import Foundation
import GraftFormats

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Brings a known weight file into the cache: goes on from what an earlier attempt left, checks what came, and gives it
/// its name only then.
///
/// ```swift
/// let file = try await WeightsDownload(.named("vgg16")).run().file
/// ```
public struct WeightsDownload: Sendable {
  /// How far what lies in the cache is known to be the published file.
  public enum Verification: String, Hashable, Sendable {
    /// By the published MD5.
    case md5
    /// No hash is published: by size where that is known, and because it passed `check`.
    case contents
  }

  public struct Outcome: Hashable, Sendable {
    public let file: URL
    /// Whether nothing had to be fetched.
    public let wasThere: Bool
    public let verification: Verification
  }

  public enum Event: Hashable, Sendable {
    /// Another process is fetching the same file.
    case waiting
    case progress(TransferProgress)
  }

  public let weights: KnownWeights
  public let url: URL
  public let cache: WeightsCache
  let stallTimeout: Duration
  let check: @Sendable (URL) throws -> Void

  /// - Parameters:
  ///   - mirror: a server with files laid out as in a cache's `weights` folder, `NAME/FILE`; where they were published
  ///     where nil.
  ///   - stallTimeout: how long the server may be silent.
  ///   - check: judges, by throwing, a file that no hash is published of; whether it opens, if nothing else is wanted.
  /// - Throws: `CatalogueError.unusableAddress`.
  public init(
    _ weights: KnownWeights, mirror: URL? = nil, cache: WeightsCache = .standard,
    stallTimeout: Duration = .seconds(30),
    check: @escaping @Sendable (URL) throws -> Void = { _ = try KerasWeights(contentsOf: $0) }
  ) throws(CatalogueError) {
    self.weights = weights
    url = mirror.map { $0.appending(path: weights.name).appending(path: weights.file) } ?? weights.url
    self.cache = cache
    self.stallTimeout = stallTimeout
    self.check = check
    guard ["http", "https"].contains(url.scheme?.lowercased()), url.host()?.isEmpty == false else {
      throw .unusableAddress((mirror ?? url).absoluteString)
    }
  }

  /// Fetches the file, unless it is there already.
  ///
  /// Where it fails or its task is cancelled, what has come stays for the next attempt; where what came is wrong, nothing
  /// does. A good file in the cache is never touched.
  ///
  /// - Throws: `CatalogueError`, `FormatError.writeFailed`, `CancellationError`.
  public func run(_ report: (Event) -> Void = { _ in }) async throws -> Outcome {
    let target = cache.location(of: weights)
    try FileManager.default.makeFolder(target.deletingLastPathComponent())
    if try isSound(target) { return outcome(target, wasThere: true) }
    let partial = try await PartialFile.open(for: target) { report(.waiting) }
    // Another process may have finished it meanwhile.
    if try isSound(target) { return outcome(target, wasThere: true) }
    let wasResumed = try await transfer(into: partial, report)
    do {
      try verify(partial.url)
    } catch {
      try partial.truncate()
      // The earlier part may be what is wrong, so one attempt with all bytes fresh is due.
      guard wasResumed else { throw error }
      _ = try await transfer(into: partial, report)
      do {
        try verify(partial.url)
      } catch {
        try partial.truncate()
        throw error
      }
    }
    try partial.commit()
    return outcome(target, wasThere: false)
  }

  private func outcome(_ file: URL, wasThere: Bool) -> Outcome {
    Outcome(file: file, wasThere: wasThere, verification: weights.md5 == nil ? .contents : .md5)
  }

  /// Whether the file is there and is what it should be.
  private func isSound(_ file: URL) throws -> Bool {
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return false }
    do {
      try verify(file)
      return true
    } catch is CatalogueError {
      return false
    }
  }

  /// - Throws: `CatalogueError.wrongHash`, `.wrongLength` or `.wrongContents`.
  func verify(_ file: URL) throws {
    if let expected = weights.md5 {
      let found = try ContentHash.md5(contentsOf: file)
      guard found == expected else {
        throw CatalogueError.wrongHash(
          file: weights.file, url: url.absoluteString, expected: expected, found: found,
          kind: try FileSignature(contentsOf: file))
      }
      return
    }
    let size = try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))[.size] as? Int ?? 0
    if let expected = weights.byteCount, size != expected {
      throw CatalogueError.wrongLength(url: url.absoluteString, expected: expected, found: size)
    }
    do {
      try check(file)
    } catch {
      throw CatalogueError.wrongContents(
        file: weights.file, url: url.absoluteString, reason: error.localizedDescription)
    }
  }
}
