import CImaging

extension ImageDecoder {
  static func decodeJPEG(_ reader: ByteReader) throws(ImageError) -> RGBImage {
    guard let start = reader.bytes.bindMemory(to: UInt8.self).baseAddress else { throw .empty }
    let (promised, segments) = try headerOfJPEG(reader, start)
    var header = promised
    let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
    let decoded = try pixels(.jpeg, width: width, height: height, channels: channels) { target, reason in
      imaging_jpeg_decode(start, reader.count, &header, target, &reason)
    }
    // TurboJPEG names only the first of several complaints, and a missing end may hide behind a harmless one.
    if header.warned != 0, segments.isCutOff { throw .cutOff(.jpeg) }
    let image = RGBImage(width: width, height: height, pixels: channels == 4 ? rgb(invertedInks: decoded) : decoded)
    return image.applying(segments.exif.map(orientation(ofEXIF:)) ?? .upright)
  }

  /// A JPEG as a grey picture of no more pixels than needed, not yet turned as its camera was held; nil for inks, which have
  /// no grey of their own. As strict as decoding all of it.
  static func decodeGreyJPEG(_ reader: ByteReader, leastSide: Int) throws(ImageError) -> SmallJPEG? {
    guard let start = reader.bytes.bindMemory(to: UInt8.self).baseAddress else { throw .empty }
    let (promised, segments) = try headerOfJPEG(reader, start)
    var header = promised
    guard header.channels == 3 else { return nil }
    var (width, height): (Int32, Int32) = (0, 0)
    imaging_jpeg_grey_size(&header, Int32(leastSide), &width, &height)
    let grey = try pixels(.jpeg, width: Int(width), height: Int(height), channels: 1) { target, reason in
      imaging_jpeg_grey(start, reader.count, &header, width, height, target, &reason)
    }
    if header.warned != 0, segments.isCutOff { throw .cutOff(.jpeg) }
    return SmallJPEG(
      fullWidth: Int(header.width), fullHeight: Int(header.height), width: Int(width), height: Int(height), grey: grey,
      orientation: segments.exif.map(orientation(ofEXIF:)) ?? .upright)
  }

  struct SmallJPEG {
    let fullWidth, fullHeight: Int
    let width, height: Int
    let grey: [UInt8]
    let orientation: Orientation
  }

  /// What the file says of itself, checked before any memory is taken for it.
  private static func headerOfJPEG(
    _ reader: ByteReader, _ start: UnsafePointer<UInt8>
  ) throws(ImageError) -> (imaging_header, JPEGSegments) {
    var header = imaging_header()
    var reason = imaging_reason()
    let status = imaging_jpeg_header(start, reader.count, &header, &reason)
    let segments = JPEGSegments(reader)
    // A file that ends within its tables yields many different complaints, or a size of zero, all for the same reason.
    if status == IMAGING_DAMAGED || header.width == 0, !segments.reachesScan, segments.isCutOff {
      throw .cutOff(.jpeg)
    }
    try check(status, reason, .jpeg)
    try check(Int(header.width), Int(header.height), of: .jpeg)
    return (header, segments)
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
