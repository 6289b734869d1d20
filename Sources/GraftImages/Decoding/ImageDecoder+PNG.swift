import CImaging
import Foundation

extension ImageDecoder {
  static func decodePNG(_ reader: ByteReader) throws(ImageError) -> RGBImage {
    guard let start = reader.bytes.bindMemory(to: UInt8.self).baseAddress else { throw .empty }
    // The header is by the standard the first chunk: 8 bytes of signature, length, name, width, height.
    guard reader.holds([0x49, 0x48, 0x44, 0x52], at: 12) else {
      if reader.count < 16 { throw .cutOff(.png) }
      throw .damaged(.png, reason: "no header chunk after the signature")
    }
    guard let width = reader.bigEndian32(at: 16), let height = reader.bigEndian32(at: 20) else { throw .cutOff(.png) }
    try check(width, height, of: .png)
    guard width <= Int32.max, height <= Int32.max else { throw .tooManyPixels(.png, width: width, height: height) }

    var metadata = imaging_png_metadata()
    defer { imaging_png_metadata_free(&metadata) }
    let decoded = try pixels(.png, width: width, height: height) { target, reason in
      imaging_png_decode(start, reader.count, Int32(width), Int32(height), target, &metadata, &reason)
    }
    return RGBImage(width: width, height: height, pixels: decoded).applying(orientation(of: metadata))
  }

  private static func orientation(of metadata: imaging_png_metadata) -> Orientation {
    if let exif = metadata.exif {
      return orientation(ofBareEXIF: UnsafeBufferPointer(start: exif, count: metadata.exif_count))
    }
    if let profile = metadata.exif_profile {
      return bytes(ofRawProfile: String(cString: profile)).map(orientation(ofBareEXIF:)) ?? .upright
    }
    return .upright
  }

  /// ImageMagick's way of putting a binary block into text, older than PNG's own EXIF chunk: a line with its name, one
  /// with its length, then hexadecimal digits broken into lines.
  private static func bytes(ofRawProfile text: String) -> [UInt8]? {
    let lines = text.split(separator: "\n")
    guard lines.count >= 3, let length = Int(lines[1].trimmingCharacters(in: .whitespaces)) else { return nil }
    let digits = lines.dropFirst(2).joined().utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard length > 0, digits.count == length * 2 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
