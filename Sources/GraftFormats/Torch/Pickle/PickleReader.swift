import Foundation

/// Why a pickle was refused: a clause for `FormatError.malformed`.
struct PickleError: Error {
  let reason: String
}

/// A position in a pickle's bytes, which no read passes the end of.
struct PickleReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var position: Int

  init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  mutating func byte() throws(PickleError) -> UInt8 {
    guard position < bytes.count else { throw PickleError(reason: "its pickle ends in the middle") }
    defer { position += 1 }
    return bytes[position]
  }

  /// - Parameter count: as the file announces it, so of any size.
  mutating func take(_ count: UInt64) throws(PickleError) -> UnsafeRawBufferPointer {
    guard count <= UInt64(bytes.count - position) else {
      throw PickleError(
        reason: "its pickle announces \(count) bytes at position \(position), more than the file has left")
    }
    defer { position += Int(count) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(count)])
  }

  /// A little-endian number without sign.
  mutating func unsigned<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self
  ) throws(PickleError) -> Number {
    Number(littleEndian: try take(UInt64(MemoryLayout<Number>.size)).loadUnaligned(as: Number.self))
  }

  /// A big-endian IEEE number, as pickles alone have them.
  mutating func double() throws(PickleError) -> Double {
    Double(bitPattern: UInt64(bigEndian: try take(8).loadUnaligned(as: UInt64.self)))
  }

  /// What precedes the next line feed: how protocols 0 and 1 write.
  mutating func line() throws(PickleError) -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw PickleError(reason: "its pickle ends in the middle of a line")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
