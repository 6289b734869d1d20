import Foundation

/// Reads image files whole, and others no further than their beginning.
enum FileContents {
  private static let beginningByteCount = 4096

  /// - Throws: `ImageError` where the file cannot be read, is no image, or a picture that says that there is none.
  static func read(_ url: URL) throws(ImageError) -> Data {
    // Opening a pipe would otherwise wait for a writer that may never come.
    let file = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw .unreadableFile(reason: reason(errno)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .unreadableFile(reason: reason(errno)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .unreadableFile(reason: "it is a folder")
    default: throw .unreadableFile(reason: "it is no regular file")
    }
    var content = try read(upTo: beginningByteCount, from: file)
    _ = try ImageFormat.recognize(content)
    // The size is a guess: the file may grow or shrink while it is read.
    content.reserveCapacity(Int(status.st_size))
    while case let more = try read(upTo: max(Int(status.st_size) - content.count, beginningByteCount), from: file),
      !more.isEmpty
    {
      content.append(more)
    }
    if let placeholder = KnownPlaceholder.recognized(content) { throw .placeholder(notice: placeholder.notice) }
    return content
  }

  /// Asks the system to have a file in memory soon, and waits for nothing.
  static func announce(_ url: URL) {
    let file = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return }
    #if os(Linux)
      posix_fadvise(file, 0, 0, POSIX_FADV_WILLNEED)
    #endif
    close(file)
  }

  /// The next bytes, none at the file's end.
  private static func read(upTo count: Int, from file: Int32) throws(ImageError) -> Data {
    var bytes = Data(count: count)
    var got = 0
    repeat {
      got = bytes.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
    } while got < 0 && errno == EINTR
    guard got >= 0 else { throw .unreadableFile(reason: reason(errno)) }
    return bytes.prefix(got)
  }

  /// What went wrong, without the file's name, which Foundation's sentences repeat.
  static func reason(of error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission?, .fileWriteNoPermission?: "permission denied"
    case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file"
    case .fileWriteOutOfSpace?: "the disk is full"
    case .fileWriteVolumeReadOnly?: "the disk is read-only"
    default: error.localizedDescription
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "there is no such file"
    case EACCES, EPERM: "permission denied"
    default: String(cString: strerror(code))
    }
  }
}
