import CZip
import Foundation

extension ZipArchive {
  /// What an entry of a new archive is to hold.
  public enum Content {
    case bytes(Data)
    /// What the closure writes to the file that it is given, for what is too large for memory or has a library of its own.
    case file((URL) throws -> Void)
  }

  /// Writes an archive whole or not at all, its entries in the order given, as they are and not compressed: weights hardly
  /// get smaller, and so they can be mapped. All entries bear one date, so that the same content makes the same file.
  ///
  /// - Throws: `FormatError.writeFailed`; whatever an entry's closure throws.
  public static func write(_ entries: [(name: String, content: Content)], to url: URL) throws {
    let target = url.resolvingSymlinksInPath()
    // The library puts a file of its own in the place of the one it is told, so that `AtomicFile` cannot lend it one.
    let archive = temporarySibling(of: target)
    var written = [archive]
    defer { for file in written { unlink(file.path(percentEncoded: false)) } }
    let contents = try entries.map { name, content -> (String, Stored) in
      switch content {
      case .bytes(let bytes): return (name, .bytes(bytes as NSData))
      case .file(let write):
        let file = temporarySibling(of: target)
        written.append(file)
        try write(file)
        return (name, .file(file.path(percentEncoded: false)))
      }
    }
    let path = target.path(percentEncoded: false)
    try Self.write(contents, toFileAt: archive.path(percentEncoded: false), for: path)
    try Self.put(archive.path(percentEncoded: false), at: path)
  }

  /// `NSData`, whose bytes stay where they are as long as it lives.
  private enum Stored {
    case bytes(NSData)
    case file(String)
  }

  /// Any moment since 1980, when the format's time begins.
  private static let date = time_t(400_000_000)

  private static func write(_ entries: [(String, Stored)], toFileAt archivePath: String, for path: String) throws {
    var code: Int32 = 0
    guard let archive = zip_open(archivePath, ZIP_CREATE | ZIP_EXCL, &code) else {
      throw FormatError.writeFailed(path: path, reason: systemReason())
    }
    func failure() -> FormatError {
      .writeFailed(path: path, reason: String(cString: zip_strerror(archive)))
    }
    do {
      for (name, content) in entries {
        let source =
          switch content {
          case .bytes(let bytes): zip_source_buffer(archive, bytes.bytes, zip_uint64_t(bytes.length), 0)
          case .file(let file): zip_source_file(archive, file, 0, -1)
          }
        guard let source else { throw failure() }
        let index = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
          zip_source_free(source)
          throw failure()
        }
        guard zip_set_file_compression(archive, zip_uint64_t(index), ZIP_CM_STORE, 0) == 0,
          zip_file_set_mtime(archive, zip_uint64_t(index), date, 0) == 0
        else { throw failure() }
      }
      // Only here are the entries read.
      guard withExtendedLifetime(entries, { zip_close(archive) }) == 0 else { throw failure() }
    } catch {
      zip_discard(archive)
      throw error
    }
  }

  /// Renames a file once its bytes are on the disk.
  private static func put(_ file: String, at path: String) throws {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FormatError.writeFailed(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0, rename(file, path) == 0 else {
      throw FormatError.writeFailed(path: path, reason: systemReason())
    }
  }
}
