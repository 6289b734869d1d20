/// What the marker segments of a JPEG tell without decoding: where the EXIF block lies, and whether the end is missing.
/// Source: ITU-T T.81, annex B.
struct JPEGSegments {
  /// The first APP1 segment's contents that begin with "Exif\0\0".
  private(set) var exif: UnsafeRawBufferPointer?
  /// Whether a scan's data begin before the file ends.
  private(set) var reachesScan = false
  /// Whether the file ends before the end-of-image marker.
  private(set) var isCutOff = true

  private static let endOfImage = 0xd9
  private static let startOfScan = 0xda
  private static let application1 = 0xe1
  private static let withoutLength: Set<Int> = Set(0xd0...0xd8).union([0x01])

  init(_ reader: ByteReader) {
    var position = 2
    while let marker = Self.nextMarker(in: reader, from: &position) {
      if marker == Self.endOfImage {
        isCutOff = false
        return
      }
      if Self.withoutLength.contains(marker) { continue }
      guard let length = reader.bigEndian16(at: position), length >= 2 else { return }
      let contents = position + 2..<position + length
      if marker == Self.application1, exif == nil, contents.upperBound <= reader.count,
        reader.holds([0x45, 0x78, 0x69, 0x66, 0, 0], at: contents.lowerBound)
      {
        exif = UnsafeRawBufferPointer(rebasing: reader.bytes[contents])
      }
      if marker == Self.startOfScan { reachesScan = contents.upperBound < reader.count }
      position = contents.upperBound
    }
  }

  /// Skips entropy-coded data, where 0xff is followed by 0, and bytes that belong nowhere, as decoders do.
  private static func nextMarker(in reader: ByteReader, from position: inout Int) -> Int? {
    while let first = reader.byte(at: position), let second = reader.byte(at: position + 1) {
      if first == 0xff, second != 0, second != 0xff {
        position += 2
        return second
      }
      position += 1
    }
    return nil
  }
}
