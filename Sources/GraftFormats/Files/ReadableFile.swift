import Foundation

/// A regular file open for reading; closes itself.
struct ReadableFile: ~Copyable {
  let path: String
  let byteCount: Int
  let descriptor: Int32

  init(_ url: URL) throws {
    let path = url.path(percentEncoded: false)
    // Non-blocking, so that opening a named pipe that nobody writes to does not wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? FormatError.fileNotFound(path: path) : FormatError.unreadable(path: path, reason: systemReason())
    }
    var status = stat()
    let result = fstat(descriptor, &status)
    let kind = status.st_mode & S_IFMT
    guard result == 0, kind == S_IFREG else {
      close(descriptor)
      throw kind == S_IFDIR
        ? FormatError.isDirectory(path: path) : FormatError.unreadable(path: path, reason: "it is not a regular file")
    }
    self.path = path
    self.byteCount = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// - Parameter path: what messages call it.
  func mapped(path: String) throws -> MappedFile {
    try MappedFile(descriptor, path: path)
  }

  /// Lends the file piece by piece, without mapping it.
  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw FormatError.unreadable(path: path, reason: systemReason())
      }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}

/// The system's words for the latest failure: "Permission denied".
func systemReason(_ code: Int32 = errno) -> String {
  String(cString: strerror(code))
}
