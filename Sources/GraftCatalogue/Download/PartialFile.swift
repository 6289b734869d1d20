import Foundation
import GraftFormats

/// The part of a file that has been fetched so far, beside its final name: `vgg16.h5.partial`. It outlives the process,
/// so that a later one can go on from there; a lock keeps two processes from writing it at once.
final class PartialFile {
  /// Where the bytes came from, kept beside them in `vgg16.h5.partial.json`.
  struct Origin: Codable, Hashable {
    let url: URL
    /// What tells whether the server still has the same file.
    let validator: String?
  }

  let url: URL
  private(set) var byteCount: Int
  private let target: URL
  private let descriptor: Int32

  /// Opens the part of a file, or begins it, once no other process holds it.
  ///
  /// - Parameter waiting: called once where another process does.
  /// - Throws: `FormatError.writeFailed`, `CancellationError`.
  static func open(for target: URL, waiting: () -> Void) async throws -> PartialFile {
    var hasWaited = false
    while true {
      if let file = try PartialFile(target) { return file }
      if !hasWaited { waiting() }
      hasWaited = true
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// - Returns: nil where another process holds the file.
  private init?(_ target: URL) throws {
    let url = target.appendingPathExtension("partial")
    // Nothing is stored before the lock is held: what is given up with a stored descriptor would clean up after itself.
    guard let (descriptor, byteCount) = try lock(url) else { return nil }
    self.target = target
    self.url = url
    self.descriptor = descriptor
    self.byteCount = byteCount
  }

  deinit {
    // An attempt that brought nothing leaves nothing.
    if byteCount == 0 { remove() }
    close(descriptor)
  }

  private var originFile: URL { url.appendingPathExtension("json") }

  /// Where the bytes came from; nil where that is not known.
  var origin: Origin? {
    (try? Data(contentsOf: originFile)).flatMap { try? JSONDecoder().decode(Origin.self, from: $0) }
  }

  /// Begins anew with bytes from `origin`.
  func begin(_ origin: Origin) throws {
    try truncate()
    let record = try JSONEncoder().encode(origin)
    try AtomicFile.write(to: originFile) { try $0.write(record) }
  }

  /// Appends.
  func append(_ data: Data) throws {
    try data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let count = pwrite(descriptor, piece.baseAddress, piece.count, off_t(byteCount))
        if count < 0 {
          if errno == EINTR { continue }
          throw writeFailure(target)
        }
        byteCount += count
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Throws away what has come.
  func truncate() throws {
    if byteCount > 0, ftruncate(descriptor, 0) != 0 { throw writeFailure(url) }
    byteCount = 0
  }

  /// Gives the file its final name, once its bytes are on the disk.
  func commit() throws {
    guard fsync(descriptor) == 0, rename(url.path(percentEncoded: false), target.path(percentEncoded: false)) == 0
    else { throw writeFailure(target) }
    unlink(originFile.path(percentEncoded: false))
  }

  private func remove() {
    unlink(originFile.path(percentEncoded: false))
    unlink(url.path(percentEncoded: false))
  }
}

/// Opens and locks a file; nil where another process holds it. The lock goes with the descriptor, however the process
/// ends.
private func lock(_ url: URL) throws -> (descriptor: Int32, byteCount: Int)? {
  let path = url.path(percentEncoded: false)
  let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw writeFailure(url) }
  if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
    let isHeld = errno == EWOULDBLOCK
    let failure = writeFailure(url)
    close(descriptor)
    if isHeld { return nil }
    throw failure
  }
  var (held, named) = (stat(), stat())
  // Who held the lock before may have given the file its final name: then this is no partial file any more.
  guard fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino, held.st_dev == named.st_dev
  else {
    close(descriptor)
    return nil
  }
  return (descriptor, Int(held.st_size))
}

private func writeFailure(_ url: URL) -> FormatError {
  .writeFailed(path: url.path(percentEncoded: false), reason: String(cString: strerror(errno)))
}
