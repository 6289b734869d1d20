import CImaging

extension ImageDecoder {
  static func decodeGIF(_ reader: ByteReader) throws(ImageError) -> RGBImage {
    guard let start = reader.bytes.bindMemory(to: UInt8.self).baseAddress else { throw .empty }
    guard let width = reader.littleEndian16(at: 6), let height = reader.littleEndian16(at: 8) else {
      throw .cutOff(.gif)
    }
    try check(width, height, of: .gif)
    try checkFirstFrame(reader, width: width, height: height)
    let decoded = try pixels(.gif, width: width, height: height) { target, reason in
      imaging_stb_decode(start, reader.count, Int32(width), Int32(height), target, &reason)
    }
    return RGBImage(width: width, height: height, pixels: decoded)
  }

  /// stb_image takes missing data for the end of a frame, so the first frame is looked for here.
  /// Source of the layout: CompuServe's Graphics Interchange Format, version 89a.
  private static func checkFirstFrame(_ reader: ByteReader, width: Int, height: Int) throws(ImageError) {
    let extensionBlock = 0x21
    let imageDescriptor = 0x2c
    let trailer = 0x3b
    guard let flags = reader.byte(at: 10) else { throw .cutOff(.gif) }
    var position = 13 + colorTableBytes(flags)
    while let introducer = reader.byte(at: position) {
      switch introducer {
      case extensionBlock:
        position = try endOfBlocks(reader, from: position + 2)
      case imageDescriptor:
        guard let left = reader.littleEndian16(at: position + 1),
          let top = reader.littleEndian16(at: position + 3),
          let frameWidth = reader.littleEndian16(at: position + 5),
          let frameHeight = reader.littleEndian16(at: position + 7),
          let frameFlags = reader.byte(at: position + 9)
        else { throw .cutOff(.gif) }
        try check(max(width, left + frameWidth), max(height, top + frameHeight), of: .gif)
        if frameWidth == 0 || frameHeight == 0 { throw .noPixels(.gif, width: frameWidth, height: frameHeight) }
        if colorTableBytes(flags) + colorTableBytes(frameFlags) == 0 { throw .unsupported(.gif, "no colour table") }
        // The descriptor, its colours, and a byte with the size of the first codes precede the data.
        _ = try endOfBlocks(reader, from: position + 11 + colorTableBytes(frameFlags))
        return
      case trailer:
        throw .damaged(.gif, reason: "no picture in it")
      default:
        throw .damaged(.gif, reason: "an unknown block")
      }
    }
    throw .cutOff(.gif)
  }

  private static func colorTableBytes(_ flags: Int) -> Int {
    flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1)
  }

  /// Where a chain of blocks ends: each begins with its length, the last has none.
  private static func endOfBlocks(_ reader: ByteReader, from start: Int) throws(ImageError) -> Int {
    var position = start
    while let length = reader.byte(at: position) {
      position += 1 + length
      if length == 0 { return position }
    }
    throw .cutOff(.gif)
  }
}
