import Foundation

/// A TensorBoard event file: written whole from all its events, or grown event by event while something runs.
public final class TensorBoardEventFile {
  private let descriptor: Int32
  private let path: String

  /// What a file must be called for TensorBoard to see it. Of one run, at one time, there is one name.
  public static func name(time: Double) -> String {
    String(format: "events.out.tfevents.%010.0f.graft", time.rounded(.down))
  }

  /// Writes a file whole or not at all; missing folders are made.
  ///
  /// - Parameter time: when what it tells of began, in seconds since 1970; it is part of the file's name.
  /// - Throws: `FormatError.writeFailed`.
  @discardableResult
  public static func write(_ events: [TensorBoardEvent], time: Double, to folder: URL) throws -> URL {
    let file = try place(time, in: folder)
    try AtomicFile.write(to: file) {
      try $0.write(events.reduce(into: TensorBoardEvent.fileVersion(time: time)) { $0 += $1.record })
    }
    return file
  }

  /// Opens a file to add events to, so that TensorBoard shows a training while it runs. A file of the same name is gone
  /// on with: a training that was resumed. Each event is written in one piece, with its checksum.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public init(growingIn folder: URL, time: Double) throws {
    path = try Self.place(time, in: folder).path(percentEncoded: false)
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FormatError.writeFailed(path: path, reason: systemReason()) }
    if lseek(descriptor, 0, SEEK_END) == 0 { try append(TensorBoardEvent.fileVersion(time: time)) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  public func append(_ event: TensorBoardEvent) throws {
    try append(event.record)
  }

  private func append(_ record: [UInt8]) throws {
    try record.withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
  }

  private static func place(_ time: Double, in folder: URL) throws -> URL {
    try FileManager.default.makeFolder(folder)
    return folder.appending(path: name(time: time))
  }
}
