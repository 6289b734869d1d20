import Foundation
import Synchronization

extension RecordFile {
  /// Adds records, each with one write; those that others have added meanwhile are left as they are.
  ///
  /// - Parameters:
  ///   - keys: a new record for each.
  ///   - payload: fills the bytes of the key at that position.
  /// - Throws: `FormatError.writeFailed`, where the disk is full for example; the records before are there then.
  public func append(_ keys: [[UInt8]], payload: (Int, UnsafeMutableRawBufferPointer) -> Void) throws {
    let record = UnsafeMutableRawBufferPointer.allocate(byteCount: layout.recordBytes, alignment: 64)
    defer { record.deallocate() }
    let body = UnsafeMutableRawBufferPointer(rebasing: record[layout.keyBytes...].prefix(layout.payloadBytes))
    try exclusively {
      try index.withLock { try refresh(&$0) }
      for (position, key) in keys.enumerated() where !contains(key) {
        precondition(key.count == layout.keyBytes)
        record.copyBytes(from: key)
        payload(position, body)
        let checksum = try layout.checksum(of: key, UnsafeRawBufferPointer(body))
        UnsafeMutableRawBufferPointer(rebasing: record[(layout.keyBytes + layout.payloadBytes)...])
          .copyBytes(from: checksum)
        try index.withLock { index in
          // Over the rest of a record that a killed process has left: nobody else writes now.
          try write(UnsafeRawBufferPointer(record), at: index.end)
          index.offsets[key] = index.end
          index.end += layout.recordBytes
        }
      }
    }
  }

  /// Waits until the disk has all that was appended.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public func synchronize() throws {
    guard fsync(descriptor) == 0 else { throw FormatError.writeFailed(path: path, reason: systemReason()) }
  }

  /// Makes the file an empty one of this layout, unless another process has just done so.
  func begin() throws {
    try exclusively {
      var found = [UInt8](repeating: 0, count: layout.header.count)
      guard pread(descriptor, &found, found.count, 0) != found.count || found != layout.header else { return }
      guard ftruncate(descriptor, 0) == 0 else { throw FormatError.writeFailed(path: path, reason: systemReason()) }
      try layout.header.withUnsafeBytes { try write($0, at: 0) }
    }
  }

  /// Writes all of it, or leaves the file as long as it was.
  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = systemReason(count < 0 ? errno : ENOSPC)
        ftruncate(descriptor, off_t(offset))
        throw FormatError.writeFailed(path: path, reason: reason)
      }
      done += count
    }
  }

  /// Runs `body` while no other process, instance or thread writes. The system ends a killed process's lock.
  private func exclusively(_ body: () throws -> Void) throws {
    try writing.withLock { _ in
      let end = ContinuousClock.now + patience
      // Not waited for in the system: a process that is stopped while it writes must not stop all others.
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let code = errno
        guard code == EWOULDBLOCK || code == EINTR, .now < end else {
          throw FormatError.writeFailed(
            path: path, reason: code == EWOULDBLOCK ? "another process keeps it locked" : systemReason(code))
        }
        usleep(1000)
      }
      defer { flock(descriptor, LOCK_UN) }
      try body()
    }
  }
}
