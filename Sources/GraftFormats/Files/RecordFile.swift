import Foundation
import Synchronization

/// A file of records of one size, each found by its key, that several processes read and extend at the same time.
///
/// ```
/// header   "GRAFTREC", version, sizes, identity
/// record   key | payload | SHA-256 of identity, key and payload
/// record   …
/// ```
///
/// Nothing in it is believed: a record that a killed process left half written, that a disk has damaged, or that belongs
/// into another file, is one that is not there. Records are read, not mapped: a row goes straight to where it is
/// needed either way, and a file that another process cuts short makes a read short instead of sending SIGBUS.
public final class RecordFile: Sendable {
  public let path: String
  let layout: RecordLayout
  let descriptor: Int32
  /// How long a lock that somebody else holds is waited for.
  let patience: Duration
  let index = Mutex(RecordIndex())
  /// `flock` keeps other descriptors away, and this other threads.
  let writing = Mutex(())

  /// Opens the file, or creates it. One of another kind in its place is begun anew.
  ///
  /// - Parameters:
  ///   - identity: 32 bytes that say what the records are of; records of another identity are none.
  ///   - keyBytes: the size of a key.
  ///   - payloadBytes: the size of what it stands for.
  /// - Throws: `FormatError.writeFailed`.
  public convenience init(_ url: URL, identity: [UInt8], keyBytes: Int, payloadBytes: Int) throws {
    try self.init(
      url, layout: RecordLayout(identity: identity, keyBytes: keyBytes, payloadBytes: payloadBytes),
      patience: .seconds(5))
  }

  init(_ url: URL, layout: RecordLayout, patience: Duration) throws {
    path = url.path(percentEncoded: false)
    self.layout = layout
    self.patience = patience
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else { throw FormatError.writeFailed(path: path, reason: systemReason()) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FormatError.writeFailed(path: path, reason: "it is not a regular file")
    }
    if readBytes(layout.header.count, at: 0) != layout.header { try begin() }
    try index.withLock { try refresh(&$0) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// What the file takes on the disk, header and all.
  public var byteCount: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// What a record takes on the disk.
  public var recordBytes: Int { layout.recordBytes }

  /// What a file of so many records takes on the disk; `Int.max` where that is beyond all numbers.
  public static func byteCount(of records: Int, keyBytes: Int, payloadBytes: Int) -> Int {
    let (bytes, overflows) = (keyBytes + payloadBytes + RecordLayout.checksumBytes)
      .multipliedReportingOverflow(by: records)
    return overflows ? .max : RecordLayout.headerBytes + bytes
  }

  /// Whether there seems to be a record; only reading it tells whether it is whole.
  public func contains(_ key: [UInt8]) -> Bool {
    index.withLock { $0.offsets[key] != nil }
  }

  /// Fills `payload` with what was appended under the key.
  ///
  /// - Returns: false where there is no such record, or it is damaged: then `payload` holds nothing of meaning, and the
  ///   record counts as missing from now on.
  public func read(_ key: [UInt8], into payload: UnsafeMutableRawBufferPointer) -> Bool {
    precondition(payload.count == layout.payloadBytes)
    guard let offset = index.withLock({ $0.offsets[key] }) else { return false }
    if isWhole(key, at: offset, reading: payload) { return true }
    index.withLock { if $0.offsets[key] == offset { $0.offsets[key] = nil } }
    return false
  }

  private func isWhole(_ key: [UInt8], at offset: Int, reading payload: UnsafeMutableRawBufferPointer) -> Bool {
    guard readBytes(layout.keyBytes, at: offset) == key,
      fill(payload, at: offset + layout.keyBytes),
      let checksum = readBytes(RecordLayout.checksumBytes, at: offset + layout.keyBytes + payload.count)
    else { return false }
    return (try? layout.checksum(of: key, UnsafeRawBufferPointer(payload))) == checksum
  }

  /// Learns of records that have been appended since, by this process or others.
  func refresh(_ index: inout RecordIndex) throws {
    let size = byteCount
    // Somebody has cut the file short: what was known of it means nothing.
    if size < index.end { index = RecordIndex() }
    index.end = max(index.end, layout.header.count)
    while index.end + layout.recordBytes <= size, let key = readBytes(layout.keyBytes, at: index.end) {
      // The later of two is the one that was written because the earlier was damaged.
      index.offsets[key] = index.end
      index.end += layout.recordBytes
    }
  }

  private func readBytes(_ count: Int, at offset: Int) -> [UInt8]? {
    var isComplete = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      isComplete = fill(UnsafeMutableRawBufferPointer(buffer), at: offset)
      filled = isComplete ? count : 0
    }
    return isComplete ? bytes : nil
  }

  /// Whether the file has so many bytes there.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      done += count
    }
    return true
  }
}

/// Where the records of a file begin, as far as it has been read.
struct RecordIndex {
  var offsets: [[UInt8]: Int] = [:]
  /// The end of the last whole record.
  var end = 0
}
