import Foundation

/// A folder being filled under a temporary name beside its target, which takes the target's place whole on `commit`.
/// Abandoned before that, it leaves nothing behind but the parents that it created.
public final class AtomicDirectory {
  /// Where to write until `commit`.
  public let temporary: URL
  private let target: URL
  private var isCommitted = false

  /// Missing parent folders of the target are created.
  ///
  /// - Throws: `FormatError.targetExists` where the target is a folder with something in it, `.writeFailed` where it is
  ///   a file, or its parent cannot be written to.
  public init(replacing url: URL) throws {
    target = url.standardizedFileURL.resolvingSymlinksInPath()
    try Self.requireFree(target)
    temporary = temporarySibling(of: target)
    try Self.makeDirectories(temporary, for: target.path)
  }

  deinit {
    if !isCommitted { try? FileManager.default.removeItem(at: temporary) }
  }

  /// Builds a folder whole or not at all: `body` writes into the folder that it is given.
  public static func write<Result>(to url: URL, _ body: (URL) throws -> Result) throws -> Result {
    let directory = try AtomicDirectory(replacing: url)
    let result = try body(directory.temporary)
    try directory.commit()
    return result
  }

  /// Puts the folder in the target's place, once everything in it is on the disk.
  ///
  /// - Precondition: not committed before.
  public func commit() throws {
    precondition(!isCommitted, "the folder is committed already")
    try Self.requireFree(target)
    let path = target.path(percentEncoded: false)
    for file in FileManager.default.enumerator(atPath: temporary.path)?.compactMap({ $0 as? String }) ?? [] {
      try synchronize(temporary.appending(path: file).path, for: path)
    }
    try synchronize(temporary.path, for: path)
    // An empty folder at the target gives way; one that is not makes this fail.
    guard rename(temporary.path, target.path) == 0 else {
      throw FormatError.writeFailed(path: path, reason: systemReason())
    }
    isCommitted = true
  }

  /// Creates the folder and the parents that it lacks. By hand: Foundation's own keeps the system's reason to itself.
  private static func makeDirectories(_ folder: URL, for target: String) throws {
    if mkdir(folder.path, 0o777) == 0 { return }
    if errno == ENOENT, folder.pathComponents.count > 1 {
      try makeDirectories(folder.deletingLastPathComponent(), for: target)
      if mkdir(folder.path, 0o777) == 0 || errno == EEXIST { return }
    }
    throw FormatError.writeFailed(path: target, reason: systemReason())
  }

  private func synchronize(_ file: String, for path: String) throws {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FormatError.writeFailed(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FormatError.writeFailed(path: path, reason: systemReason()) }
  }

  private static func requireFree(_ target: URL) throws {
    let path = target.path(percentEncoded: false)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return }
    guard isDirectory.boolValue else { throw FormatError.writeFailed(path: path, reason: "it is a file") }
    let contents = try? FileManager.default.contentsOfDirectory(atPath: path)
    guard contents?.isEmpty == true else { throw FormatError.targetExists(path: path) }
  }
}
