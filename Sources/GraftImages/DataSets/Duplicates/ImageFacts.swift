import Foundation

/// What a look at a file tells of it.
public struct ImageFacts: Hashable, Sendable {
  public let format: ImageFormat
  /// As the picture is to be seen.
  public let width, height: Int
  public let byteCount: Int
  public let fingerprint: ImageFingerprint
  /// Of the file's bytes: others that have the same are probably the same.
  let digest: UInt64

  /// Looks at a file's bytes. Of a JPEG no more pixels are made than the fingerprint needs.
  ///
  /// - Throws: `ImageError`, as decoding the whole image would.
  public init(of content: Data) throws(ImageError) {
    format = try ImageFormat.recognize(content.prefix(512))
    byteCount = content.count
    digest = Self.digest(of: content)
    let result = content.withUnsafeBytes { bytes in
      Result { () throws(ImageError) -> (Int, Int, [UInt8])? in try Self.smallJPEG(ByteReader(bytes: bytes)) }
    }
    if format == .jpeg, let (width, height, thumbnail) = try result.get() {
      (self.width, self.height) = (width, height)
      fingerprint = ImageFingerprint(thumbnail: thumbnail)
    } else {
      let image = try ImageDecoder.decode(content)
      (width, height) = (image.width, image.height)
      fingerprint = ImageFingerprint(thumbnail: GreyPixels(image).thumbnail(.upright))
    }
  }

  private static func smallJPEG(_ reader: ByteReader) throws(ImageError) -> (Int, Int, [UInt8])? {
    guard reader.holds([0xff, 0xd8, 0xff], at: 0),
      let small = try ImageDecoder.decodeGreyJPEG(reader, leastSide: 2 * ImageFingerprint.side)
    else { return nil }
    let thumbnail = GreyPixels(width: small.width, height: small.height, pixels: small.grey).thumbnail(
      small.orientation)
    return small.orientation.swapsAxes
      ? (small.fullHeight, small.fullWidth, thumbnail) : (small.fullWidth, small.fullHeight, thumbnail)
  }

  /// A quick mix of all bytes, eight at a time; it need not withstand an enemy, for equal ones are compared byte by byte.
  private static func digest(of content: Data) -> UInt64 {
    content.withUnsafeBytes { bytes in
      var digest = UInt64(bytes.count)
      var offset = 0
      func mix(_ word: UInt64) {
        digest = (digest ^ word) &* 0x9e37_79b9_7f4a_7c15
        digest ^= digest >> 29
      }
      while offset + 8 <= bytes.count {
        mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      for byte in bytes[offset...] { mix(UInt64(byte)) }
      return digest
    }
  }
}

/// One byte a pixel, row by row.
struct GreyPixels {
  let width, height: Int
  let pixels: [UInt8]

  init(width: Int, height: Int, pixels: [UInt8]) {
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// By the luma of BT.601, as JPEG has it.
  init(_ image: RGBImage) {
    (width, height) = (image.width, image.height)
    let rgb = image.pixels
    pixels = [UInt8](unsafeUninitializedCapacity: width * height) { grey, count in
      rgb.withUnsafeBufferPointer { rgb in
        for index in grey.indices {
          let (red, green, blue) = (Int(rgb[3 * index]), Int(rgb[3 * index + 1]), Int(rgb[3 * index + 2]))
          grey[index] = UInt8((77 * red + 150 * green + 29 * blue + 128) >> 8)
        }
      }
      count = grey.count
    }
  }

  /// 32 × 32 means of equal areas, upright.
  func thumbnail(_ orientation: Orientation) -> [UInt8] {
    let side = ImageFingerprint.side
    let (columns, rows) = (Self.spans(of: width, in: side), Self.spans(of: height, in: side))
    var narrow = [Float](repeating: 0, count: height * side)
    pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        for (x, span) in columns.enumerated() {
          for (position, weight) in span { narrow[y * side + x] += weight * Float(pixels[y * width + position]) }
        }
      }
    }
    var small = [Float](repeating: 0, count: side * side)
    for (y, span) in rows.enumerated() {
      for (position, weight) in span {
        for x in 0..<side { small[y * side + x] += weight * narrow[position * side + x] }
      }
    }
    let grey = small.map { UInt8(min(max($0.rounded(), 0), 255)) }
    guard orientation != .upright else { return grey }
    let picture = RGBImage(width: side, height: side, pixels: grey.flatMap { [$0, $0, $0] }).applying(orientation)
    return stride(from: 0, to: picture.pixels.count, by: 3).map { picture.pixels[$0] }
  }

  /// Which of `count` pixels each of `parts` equal parts covers, and with what weight.
  private static func spans(of count: Int, in parts: Int) -> [[(position: Int, weight: Float)]] {
    (0..<parts).map { part in
      let (start, end) = (Double(part * count) / Double(parts), Double((part + 1) * count) / Double(parts))
      return (Int(start)..<min(Int(end.rounded(.up)), count)).map { position in
        let covered = min(Double(position + 1), end) - max(Double(position), start)
        return (position, Float(covered / (end - start)))
      }
    }
  }
}
