import CZip
import Foundation

/// An archive open in libzip, which reads it from the mapped file. Threads take turns.
final class ZipLibraryArchive: @unchecked Sendable {
  // Unchecked: the pointer is used only within the lock.

  private let file: MappedFile
  private let archive: OpaquePointer
  private let lock = NSLock()

  /// - Parameter records: Graft's own reading of the list of contents, which libzip's must equal.
  /// - Throws: `FormatError.malformed`.
  init(_ file: MappedFile, expecting records: [ZipDirectory.Record]) throws {
    let damaged = FormatError.malformed(
      path: file.path, format: "ZIP", reason: "its list of contents is damaged or ambiguous")
    // The library does not own the bytes; this object keeps the mapping alive.
    guard
      let source = zip_source_buffer_create(file.bytes.baseAddress, zip_uint64_t(file.bytes.count), 0, nil)
    else { throw damaged }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, nil) else {
      zip_source_free(source)
      throw damaged
    }
    guard Self.agrees(archive, with: records) else {
      zip_discard(archive)
      throw damaged
    }
    self.file = file
    self.archive = archive
  }

  deinit {
    zip_discard(archive)
  }

  private static func agrees(_ archive: OpaquePointer, with records: [ZipDirectory.Record]) -> Bool {
    guard zip_get_num_entries(archive, 0) == records.count else { return false }
    return records.enumerated().allSatisfy { index, record in
      var status = zip_stat_t()
      zip_stat_init(&status)
      guard zip_stat_index(archive, zip_uint64_t(index), zip_flags_t(ZIP_FL_ENC_RAW), &status) == 0,
        let name = zip_get_name(archive, zip_uint64_t(index), zip_flags_t(ZIP_FL_ENC_RAW))
      else { return false }
      // A name with a zero in it ends there for the library.
      return String(cString: name) == record.name && status.size == record.size
        && status.comp_size == record.compressedSize && status.comp_method == record.method
        && status.crc == record.checksum
    }
  }

  /// - Throws: `FormatError.malformed` where the entry is damaged or has another size; whatever `body` throws.
  func forEachPiece(
    of index: Int, name: String, byteCount: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try lock.withLock {
      func damaged(_ reason: String) -> FormatError {
        .malformed(path: file.path, format: "ZIP", reason: "its entry '\(name)' \(reason)")
      }
      guard let entry = zip_fopen_index(archive, zip_uint64_t(index), 0) else { throw damaged("cannot be opened") }
      defer { zip_fclose(entry) }
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(byteCount, 1 << 20) + 1, alignment: 64)
      defer { buffer.deallocate() }
      var rest = byteCount
      while true {
        guard let start = buffer.baseAddress else { return }
        // The last call finds the end, and with it the checksum.
        let count = Int(zip_fread(entry, start, zip_uint64_t(buffer.count)))
        if count == 0 { break }
        guard count > 0 else { throw damaged("is damaged: \(String(cString: zip_file_strerror(entry)))") }
        guard count <= rest else { throw damaged("holds more than the \(byteCount.grouped) bytes that it announces") }
        rest -= count
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      guard rest == 0 else { throw damaged("holds \(rest.grouped) bytes less than it announces") }
    }
  }
}
