import Foundation

/// A file being written under a temporary name beside its target, which takes the target's place whole on `commit`.
/// Abandoned before that, it leaves nothing behind and the target as it was.
public final class AtomicFile {
  private let target: String
  /// The name that the file has until `commit`, for a library that writes by name.
  let temporary: String
  private var descriptor: Int32

  /// - Throws: `FormatError.writeFailed` where the folder is missing or not writable, or the target is no regular file.
  public init(replacing url: URL) throws {
    // A link is followed: it is the file behind it that is replaced.
    let resolved = url.resolvingSymlinksInPath()
    target = resolved.path(percentEncoded: false)
    var status = stat()
    if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a regular file"
      throw FormatError.writeFailed(path: target, reason: kind)
    }
    temporary = temporarySibling(of: resolved).path(percentEncoded: false)
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FormatError.writeFailed(path: target, reason: systemReason()) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes a file whole or not at all: `body` writes, and where it throws nothing has changed.
  public static func write<Result>(to url: URL, _ body: (AtomicFile) throws -> Result) throws -> Result {
    let file = try AtomicFile(replacing: url)
    let result = try body(file)
    try file.commit()
    return result
  }

  /// Appends at the current position.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    try writeAll(bytes, to: descriptor, path: target)
  }

  public func write(_ bytes: some Sequence<UInt8>) throws {
    try Array(bytes).withUnsafeBytes { try write($0) }
  }

  /// Moves the position, in bytes from the start.
  func seek(to position: Int) throws {
    guard lseek(descriptor, off_t(position), SEEK_SET) >= 0 else {
      throw FormatError.writeFailed(path: target, reason: systemReason())
    }
  }

  /// Puts a file that is whole in another's place on the same disk.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public static func move(_ file: URL, to target: URL) throws {
    guard rename(file.path, target.path) == 0 else {
      throw FormatError.writeFailed(path: target.path(percentEncoded: false), reason: systemReason())
    }
  }

  /// Puts the file in the target's place, once its bytes are on the disk.
  ///
  /// - Precondition: not committed before.
  public func commit() throws {
    precondition(descriptor >= 0, "the file is committed already")
    guard fsync(descriptor) == 0, rename(temporary, target) == 0 else {
      throw FormatError.writeFailed(path: target, reason: systemReason())
    }
    close(descriptor)
    descriptor = -1
  }
}

/// Writes every byte, however many calls it takes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
  var rest = bytes[...]
  while !rest.isEmpty {
    let piece = UnsafeRawBufferPointer(rebasing: rest)
    let count = write(descriptor, piece.baseAddress, piece.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw FormatError.writeFailed(path: path, reason: systemReason())
    }
    rest = rest.dropFirst(count)
  }
}

/// A name in the same folder, and so on the same disk, that nothing else has: `.model.1f0c….partial`.
func temporarySibling(of url: URL) -> URL {
  let suffix = String(UInt64.random(in: .min ... .max), radix: 16)
  return url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).\(suffix).partial")
}
