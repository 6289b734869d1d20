import CImaging

extension ImageDecoder {
  /// stb_image reads zeros past the end of the data, so the sizes are checked here first.
  /// Source of the layout: Microsoft's BITMAPFILEHEADER, BITMAPCOREHEADER and BITMAPINFOHEADER.
  static func decodeBMP(_ reader: ByteReader) throws(ImageError) -> RGBImage {
    guard let start = reader.bytes.bindMemory(to: UInt8.self).baseAddress else { throw .empty }
    guard let dataOffset = reader.littleEndian32(at: 10), let headerSize = reader.littleEndian32(at: 14) else {
      throw .cutOff(.bmp)
    }
    let isOld = headerSize == 12
    guard isOld || [40, 56, 108, 124].contains(headerSize) else {
      throw .unsupported(.bmp, "a header of \(headerSize) bytes")
    }
    guard let width = isOld ? reader.littleEndian16(at: 18) : reader.signedLittleEndian32(at: 18),
      let storedHeight = isOld ? reader.littleEndian16(at: 20) : reader.signedLittleEndian32(at: 22),
      let bits = reader.littleEndian16(at: isOld ? 24 : 28),
      let compression = isOld ? 0 : reader.littleEndian32(at: 30)
    else { throw .cutOff(.bmp) }
    // A negative height says that the first row is the top one.
    let height = abs(storedHeight)
    try check(width, height, of: .bmp)
    switch compression {
    case 0, 3: break
    case 1, 2: throw .unsupported(.bmp, "run-length encoding")
    default: throw .unsupported(.bmp, "compression \(compression)")
    }
    guard [1, 4, 8, 16, 24, 32].contains(bits) else { throw .damaged(.bmp, reason: "\(bits) bits per pixel") }
    let rowBytes = (width * bits + 31) / 32 * 4
    guard dataOffset + rowBytes * height <= reader.count else { throw .cutOff(.bmp) }
    let decoded = try pixels(.bmp, width: width, height: height) { target, reason in
      imaging_stb_decode(start, reader.count, Int32(width), Int32(height), target, &reason)
    }
    return RGBImage(width: width, height: height, pixels: decoded)
  }
}
