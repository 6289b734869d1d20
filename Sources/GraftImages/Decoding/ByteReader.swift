/// Numbers at given places of a file; nil past its end.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer

  var count: Int { bytes.count }

  func byte(at offset: Int) -> Int? {
    offset >= 0 && offset < bytes.count ? Int(bytes[offset]) : nil
  }

  func littleEndian16(at offset: Int) -> Int? {
    guard let low = byte(at: offset), let high = byte(at: offset + 1) else { return nil }
    return high << 8 | low
  }

  func bigEndian16(at offset: Int) -> Int? {
    guard let high = byte(at: offset), let low = byte(at: offset + 1) else { return nil }
    return high << 8 | low
  }

  func littleEndian32(at offset: Int) -> Int? {
    guard let low = littleEndian16(at: offset), let high = littleEndian16(at: offset + 2) else { return nil }
    return high << 16 | low
  }

  func signedLittleEndian32(at offset: Int) -> Int? {
    littleEndian32(at: offset).map { Int(Int32(truncatingIfNeeded: $0)) }
  }

  func bigEndian32(at offset: Int) -> Int? {
    guard let high = bigEndian16(at: offset), let low = bigEndian16(at: offset + 2) else { return nil }
    return high << 16 | low
  }

  /// Whether the bytes from `offset` on are `signature`.
  func holds(_ signature: [UInt8], at offset: Int) -> Bool {
    offset >= 0 && offset + signature.count <= bytes.count
      && bytes[offset..<offset + signature.count].elementsEqual(signature)
  }
}
