import CImaging

extension ImageDecoder {
  static func decodeWebP(_ reader: ByteReader) throws(ImageError) -> RGBImage {
    guard let start = reader.bytes.bindMemory(to: UInt8.self).baseAddress else { throw .empty }
    // The container states its length, less the 8 bytes that state it.
    guard let length = reader.littleEndian32(at: 4), length + 8 <= reader.count else { throw .cutOff(.webp) }
    var header = imaging_header()
    var reason = imaging_reason()
    try check(imaging_webp_header(start, reader.count, &header, &reason), reason, .webp)
    let (width, height) = (Int(header.width), Int(header.height))
    try check(width, height, of: .webp)
    let decoded = try pixels(.webp, width: width, height: height) { target, reason in
      imaging_webp_decode(start, reader.count, header.width, header.height, target, &reason)
    }
    var (offset, exifLength) = (0, 0)
    var seen = Orientation.upright
    if imaging_webp_exif(start, reader.count, &offset, &exifLength) != 0, offset + exifLength <= reader.count {
      seen = orientation(ofBareEXIF: reader.bytes[offset..<offset + exifLength])
    }
    return RGBImage(width: width, height: height, pixels: decoded).applying(seen)
  }
}
