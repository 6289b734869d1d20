import CImaging

extension ImageDecoder {
  static func decodeJPEG(_ reader: ByteReader) throws(ImageError) -> RGBImage {
    guard let start = reader.bytes.bindMemory(to: UInt8.self).baseAddress else { throw .empty }
    var header = imaging_header()
    var reason = imaging_reason()
    let status = imaging_jpeg_header(start, reader.count, &header, &reason)
    let segments = JPEGSegments(reader)
    // A file that ends within its tables yields many different complaints, or a size of zero, all for the same reason.
    if status == IMAGING_DAMAGED || header.width == 0, !segments.reachesScan, segments.isCutOff {
      throw .cutOff(.jpeg)
    }
    try check(status, reason, .jpeg)
    let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
    try check(width, height, of: .jpeg)

    let decoded = try pixels(.jpeg, width: width, height: height, channels: channels) { target, reason in
      imaging_jpeg_decode(start, reader.count, &header, target, &reason)
    }
    // TurboJPEG names only the first of several complaints, and a missing end may hide behind a harmless one.
    if header.warned != 0, segments.isCutOff { throw .cutOff(.jpeg) }
    let image = RGBImage(width: width, height: height, pixels: channels == 4 ? rgb(invertedInks: decoded) : decoded)
    return image.applying(segments.exif.map(orientation(ofEXIF:)) ?? .upright)
  }

  /// Inks as Adobe stores them (255 is none) to RGB, as Pillow does it: paper × what each ink lets through.
  private static func rgb(invertedInks inks: [UInt8]) -> [UInt8] {
    let pixelCount = inks.count / 4
    return [UInt8](unsafeUninitializedCapacity: pixelCount * 3) { target, count in
      inks.withUnsafeBufferPointer { inks in
        for pixel in 0..<pixelCount {
          let light = Int(inks[pixel * 4 + 3])
          for channel in 0..<3 {
            let absorbed = (255 - Int(inks[pixel * 4 + channel])) * light + 128
            target[pixel * 3 + channel] = UInt8(light - ((absorbed >> 8) + absorbed) >> 8)
          }
        }
      }
      count = pixelCount * 3
    }
  }

  /// The orientation in an EXIF block that begins with "Exif\0\0"; upright where the block says none or is broken.
  static func orientation(ofEXIF block: UnsafeRawBufferPointer) -> Orientation {
    guard let start = block.bindMemory(to: UInt8.self).baseAddress else { return .upright }
    return Orientation(rawValue: Int(imaging_exif_orientation(start, block.count))) ?? .upright
  }

  /// The same for a block as PNG and WebP hold it, where those six bytes are usual but not asked for.
  static func orientation(ofBareEXIF block: some Collection<UInt8>) -> Orientation {
    let prefix: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]
    let whole = block.starts(with: prefix) ? Array(block) : prefix + block
    return whole.withUnsafeBytes { orientation(ofEXIF: $0) }
  }
}
