import Foundation

extension FileManager {
  /// Creates a folder and the parents that it lacks. One that is there is welcome, also where another process makes it at
  /// the same time, on which Foundation's own may fail.
  ///
  /// - Throws: `FormatError.writeFailed` with the system's reason, which Foundation's own keeps to itself.
  public func makeFolder(_ folder: URL) throws {
    let path = folder.path
    if mkdir(path, 0o777) == 0 || isFolder(path) { return }
    if errno == ENOENT, folder.pathComponents.count > 1 {
      try makeFolder(folder.deletingLastPathComponent())
      if mkdir(path, 0o777) == 0 || isFolder(path) { return }
    }
    throw FormatError.writeFailed(path: path, reason: systemReason())
  }

  /// Leaves `errno` as it was.
  private func isFolder(_ path: String) -> Bool {
    let code = errno
    defer { errno = code }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
