/// Image and other formats that Graft does not read but can name, so that the user knows what to convert.
enum ForeignFormat {
  static func name(of start: [UInt8]) -> String? {
    if let name = signatures.first(where: { start.begins($0.bytes) })?.name { return name }
    if start.dropFirst(4).begins(.ascii("ftyp")) {
      let brand = Array(start.dropFirst(8).prefix(4))
      return brands.first { brand == $0.brand }?.name ?? "an MP4 or QuickTime film"
    }
    if start.begins(.ascii("RIFF")) {
      return start.dropFirst(8).begins(.ascii("AVI ")) ? "an AVI film" : "a RIFF file"
    }
    if start.count > 2, start[0] == UInt8(ascii: "P"), (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(start[1]),
      [0x09, 0x0a, 0x0d, 0x20].contains(start[2])
    {
      return "a PNM image (PBM, PGM, PPM)"
    }
    return nil
  }

  private static let signatures: [(bytes: [UInt8], name: String)] = [
    ([0x49, 0x49, 0x2a, 0x00], "a TIFF image"),
    ([0x4d, 0x4d, 0x00, 0x2a], "a TIFF image"),
    ([0x49, 0x49, 0x2b, 0x00], "a BigTIFF image"),
    ([0x4d, 0x4d, 0x00, 0x2b], "a BigTIFF image"),
    (.ascii("8BPS"), "a Photoshop (PSD) image"),
    ([0xff, 0x0a], "a JPEG XL image"),
    ([0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c, 0x20], "a JPEG XL image"),
    ([0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20], "a JPEG 2000 image"),
    ([0xff, 0x4f, 0xff, 0x51], "a JPEG 2000 image"),
    ([0x00, 0x00, 0x01, 0x00], "an icon (ICO)"),
    ([0x76, 0x2f, 0x31, 0x01], "an OpenEXR image"),
    (.ascii("#?RADIANCE"), "a Radiance HDR image"),
    (.ascii("DDS "), "a DDS texture"),
    (.ascii("%PDF-"), "a PDF document"),
    (.ascii("%!PS"), "a PostScript document"),
    ([0x50, 0x4b, 0x03, 0x04], "a zip archive"),
    ([0x1f, 0x8b], "a gzip archive"),
    (.ascii("Rar!"), "a RAR archive"),
    ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7-zip archive"),
    ([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "an HDF5 file"),
    ([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "a NumPy array"),
    ([0x1a, 0x45, 0xdf, 0xa3], "a Matroska or WebM film"),
    (.ascii("SQLite format 3"), "an SQLite database"),
  ]

  /// ISO base media files carry what they are in their first box.
  private static let brands: [(brand: [UInt8], name: String)] = [
    (.ascii("avif"), "an AVIF image"), (.ascii("avis"), "an AVIF image"),
    (.ascii("heic"), "a HEIC image"), (.ascii("heix"), "a HEIC image"), (.ascii("hevc"), "a HEIC image"),
    (.ascii("mif1"), "a HEIF image"), (.ascii("msf1"), "a HEIF image"),
    (.ascii("crx "), "a Canon raw image (CR3)"),
  ]
}
