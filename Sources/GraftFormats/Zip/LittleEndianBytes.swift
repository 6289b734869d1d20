/// Bytes of a file from which little-endian integers are read, none beyond the end.
struct LittleEndianBytes {
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The unsigned integer of `byteCount` bytes (at most 8) at `offset`; nil where it does not lie in the bytes, or is
  /// larger than any size or place can be.
  func integer(at offset: Int, byteCount: Int) -> Int? {
    guard let place = slice(at: offset, byteCount: byteCount) else { return nil }
    return Int(exactly: place.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// The bytes at `offset`; nil where there are not that many.
  func slice(at offset: Int, byteCount: Int) -> UnsafeRawBufferPointer? {
    guard offset >= 0, byteCount >= 0, offset <= bytes.count, byteCount <= bytes.count - offset else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
  }

  /// Whether these very bytes stand at `offset`.
  func has(_ mark: [UInt8], at offset: Int) -> Bool {
    slice(at: offset, byteCount: mark.count)?.elementsEqual(mark) ?? false
  }
}
