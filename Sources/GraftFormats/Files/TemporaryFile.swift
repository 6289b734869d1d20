import Foundation

/// A file in the folder for temporary files, empty at first, which goes away with its last user.
struct TemporaryFile: ~Copyable {
  let descriptor: Int32
  /// Nil for a file without a name, of which not even a crash leaves anything behind.
  let path: String?

  /// - Parameter isNamed: whether it can be opened by its path, as long as this value lives.
  /// - Throws: `FormatError.writeFailed`.
  init(isNamed: Bool = false) throws {
    let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    var path = Array((folder + (folder.hasSuffix("/") ? "" : "/") + "graft.XXXXXX").utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw FormatError.writeFailed(path: folder, reason: systemReason()) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    if isNamed {
      self.path = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    } else {
      unlink(path)
      self.path = nil
    }
    self.descriptor = descriptor
  }

  /// What has been written, as it is now.
  ///
  /// - Parameter path: what messages call it.
  func mapped(path: String) throws -> MappedFile {
    try MappedFile(descriptor, path: path)
  }

  deinit {
    if let path { unlink(path) }
    close(descriptor)
  }
}
