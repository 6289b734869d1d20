/// The formats that Graft reads, told apart by their first bytes and never by a file's name.
public enum ImageFormat: String, Hashable, Sendable, CaseIterable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"
  case bmp = "BMP"
  case gif = "GIF"

  /// The format whose signature `bytes` begin with.
  ///
  /// - Parameter bytes: the beginning of a file; 512 bytes are enough.
  /// - Throws: `ImageError.empty`, `.otherFormat`, `.notAnImage` or `.unknownFormat`.
  public static func recognize(_ bytes: some Collection<UInt8>) throws(ImageError) -> ImageFormat {
    let start = Array(bytes.prefix(512))
    if start.isEmpty { throw .empty }
    if let format = signatures.first(where: { start.begins($0.bytes) })?.format { return format }
    if start.begins(.ascii("RIFF")), start.dropFirst(8).begins(.ascii("WEBP")) { return .webp }
    if let name = ForeignFormat.name(of: start) { throw .otherFormat(name) }
    if let name = TextDocument.name(of: start) { throw .notAnImage(name) }
    throw .unknownFormat(firstBytes: Array(start.prefix(8)))
  }

  private static let signatures: [(bytes: [UInt8], format: ImageFormat)] = [
    ([0xff, 0xd8, 0xff], .jpeg),
    ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], .png),
    (.ascii("GIF87a"), .gif),
    (.ascii("GIF89a"), .gif),
    (.ascii("BM"), .bmp),
  ]
}

extension Collection<UInt8> {
  func begins(_ signature: [UInt8]) -> Bool {
    starts(with: signature)
  }
}

extension [UInt8] {
  static func ascii(_ text: StaticString) -> [UInt8] {
    text.withUTF8Buffer { Array($0) }
  }
}
