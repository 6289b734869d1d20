import Foundation
import Testing

@testable import GraftImages

/// Every reason for which a file is no image to Graft, in the words that a user reads.
struct RefusedFileTests {
  private func reason(_ bytes: some ContiguousBytes) -> String? {
    do throws(ImageError) {
      _ = try ImageDecoder.decode(bytes)
      return nil
    } catch {
      #expect(error.errorDescription == error.description)
      return error.description
    }
  }

  @Test func `an empty file says so`() {
    #expect(reason(Data()) == "the file is empty (0 bytes): copy or download it again")
  }

  @Test(arguments: [
    "<!DOCTYPE html>\n<html>", "\n  <html lang=\"de\">", "<HTML><HEAD>", "\u{feff}<!doctype HTML>",
    "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"\"><html>",
  ])
  func `an HTML page is named`(text: String) {
    #expect(
      reason(Data(text.utf8))
        == "an HTML page, not an image: a server's answer was saved in its place; download the image again")
  }

  @Test func `a Git LFS pointer tells how to fetch what it points to`() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    #expect(
      reason(Data(pointer.utf8))
        == "a Git LFS pointer, not the image itself: run `git lfs pull` in its repository")
  }

  @Test(arguments: [
    ("Grüße", "text"), ("{\"error\": 404}", "JSON"), ("<?xml version=\"1.0\"?><kml/>", "an XML document"),
  ])
  func `text is named for what it is`(text: String, name: String) {
    #expect(reason(Data(text.utf8)) == "\(name), not an image: remove the file, or put the image in its place")
  }

  @Test func `an SVG drawing is to be converted to PNG`() {
    #expect(
      reason(Data("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8))
        == "an SVG drawing, not a raster image: convert it to PNG")
  }

  static let images: [(bytes: [UInt8], name: String)] = [
    ([0x49, 0x49, 0x2a, 0x00, 8, 0], "a TIFF image"),
    ([0x4d, 0x4d, 0x00, 0x2a, 0, 0], "a TIFF image"),
    (.ascii("8BPS\0"), "a Photoshop (PSD) image"),
    ([0xff, 0x0a, 1, 2], "a JPEG XL image"),
    ([0, 0, 0, 0x20] + .ascii("ftypavif"), "an AVIF image"),
    ([0, 0, 0, 0x20] + .ascii("ftypheic"), "a HEIC image"),
    ([0, 0, 0, 0x20] + .ascii("ftypmif1"), "a HEIF image"),
    ([0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20], "a JPEG 2000 image"),
  ]

  @Test(arguments: images)
  func `other image formats are named and to be converted`(bytes: [UInt8], name: String) {
    #expect(reason(bytes) == "\(name), which Graft does not read: convert it to JPEG or PNG")
  }

  static let others: [(bytes: [UInt8], name: String)] = [
    (.ascii("%PDF-1.7"), "a PDF document"),
    ([0x50, 0x4b, 3, 4, 0], "a zip archive"),
    ([0, 0, 0, 0x20] + .ascii("ftypisom"), "an MP4 or QuickTime film"),
    ([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "an HDF5 file"),
    (.ascii("P6\n2 2"), "a PNM image (PBM, PGM, PPM)"),
  ]

  @Test(arguments: others)
  func `other files are named`(bytes: [UInt8], name: String) {
    #expect(reason(bytes) == "\(name), which Graft does not read as an image: use JPEG, PNG, WebP, BMP or GIF")
  }

  @Test func `unknown bytes are shown`() {
    #expect(
      reason([0x00, 0xfe, 0x01, 0x80, 5, 6, 7, 8, 9])
        == "no image format that Graft knows (JPEG, PNG, WebP, BMP, GIF): "
        + "the file begins with the bytes 00 fe 01 80 05 06 07 08")
  }

  @Test(arguments: [
    ("rgb.jpg", ImageFormat.jpeg), ("progressive.jpg", .jpeg), ("rgb.png", .png), ("interlaced.png", .png),
    ("lossy.webp", .webp), ("lossless.webp", .webp), ("animated.webp", .webp), ("rgb.bmp", .bmp), ("still.gif", .gif),
  ])
  func `an image cut off anywhere says so`(name: String, format: ImageFormat) throws {
    let bytes = try Fixture.bytes("images/\(name)")
    // From where the format can be told: 12 bytes hold every signature. A GIF's last byte is no part of its first frame.
    for count in 12..<bytes.count - (format == .gif ? 1 : 0) {
      #expect(throws: ImageError.cutOff(format), "\(count) of \(bytes.count) bytes") {
        try ImageDecoder.decode(bytes.prefix(count))
      }
    }
  }

  @Test func `a cut-off image is to be copied again`() {
    #expect(
      ImageError.cutOff(.jpeg).description
        == "a JPEG image that is cut off: its data end before the picture is complete; copy or download it again")
  }

  @Test func `a header that promises too many pixels is refused before any memory is taken`() throws {
    var png = try Fixture.bytes("images/rgb.png")
    png.replaceSubrange(16..<24, with: [0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff])
    #expect(
      reason(png)
        == "a PNG image of 65535 × 65535 pixels by its header, more than the 178956970 that Graft decodes: "
        + "the file is damaged or hostile, or must be made smaller")
    var gif = try Fixture.bytes("images/still.gif")
    gif.replaceSubrange(6..<10, with: [0xff, 0xff, 0xff, 0xff])
    #expect(throws: ImageError.tooManyPixels(.gif, width: 65535, height: 65535)) { try ImageDecoder.decode(gif) }
    var bmp = try Fixture.bytes("images/rgb.bmp")
    bmp.replaceSubrange(18..<26, with: [0, 0, 0, 0x40, 0, 0, 0, 0x40])
    #expect(throws: ImageError.tooManyPixels(.bmp, width: 1 << 30, height: 1 << 30)) { try ImageDecoder.decode(bmp) }
    var jpeg = try Fixture.bytes("images/rgb.jpg")
    let frame = try #require(jpeg.firstRange(of: Data([0xff, 0xc0]))).lowerBound
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xff, 0xdc, 0xff, 0xdc])
    #expect(throws: ImageError.tooManyPixels(.jpeg, width: 65500, height: 65500)) { try ImageDecoder.decode(jpeg) }
  }

  @Test func `an image without pixels is refused`() throws {
    var gif = try Fixture.bytes("images/still.gif")
    gif.replaceSubrange(6..<8, with: [0, 0])
    #expect(reason(gif) == "a GIF image of 0 × 16 pixels by its header: there is nothing to see")
    var png = try Fixture.bytes("images/rgb.png")
    png.replaceSubrange(20..<24, with: [0, 0, 0, 0])
    #expect(throws: ImageError.noPixels(.png, width: 24, height: 0)) { try ImageDecoder.decode(png) }
    var bmp = try Fixture.bytes("images/rgb.bmp")
    bmp.replaceSubrange(18..<22, with: [0, 0, 0, 0])
    #expect(throws: ImageError.noPixels(.bmp, width: 0, height: 16)) { try ImageDecoder.decode(bmp) }
  }

  @Test func `damaged data carry the library's words`() throws {
    var png = try Fixture.bytes("images/rgb.png")
    // The check sum of the pixels: before the length and the name of the last chunk.
    let end = try #require(png.firstRange(of: Data("IEND".utf8))).lowerBound
    png[end - 5] ^= 0xff
    #expect(reason(png) == "a damaged PNG image (IDAT: CRC error): copy or download it again")
    var webp = try Fixture.bytes("images/lossless.webp")
    webp.replaceSubrange(30..<80, with: [UInt8](repeating: 0xff, count: 50))
    #expect(reason(webp) == "a damaged WebP image (bitstream error): copy or download it again")
  }

  @Test func `a kind of BMP that is not read is named`() throws {
    var bmp = try Fixture.bytes("images/palette.bmp")
    bmp[30] = 1
    #expect(
      reason(bmp) == "a BMP image with run-length encoding, which Graft does not read: convert it to JPEG or PNG")
  }

  @Test func `a file that cannot be read says why without repeating its name`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ImageError.unreadableFile(reason: "there is no such file")) {
      try ImageDecoder.decode(contentsOf: folder.url.appendingPathComponent("none.jpg"))
    }
    #expect(throws: ImageError.unreadableFile(reason: "it is a folder")) {
      try ImageDecoder.decode(contentsOf: folder.url)
    }
    let pipe = folder.url.appendingPathComponent("pipe.jpg")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    #expect(throws: ImageError.unreadableFile(reason: "it is no regular file")) {
      try ImageDecoder.decode(contentsOf: pipe)
    }
    #expect(
      ImageError.unreadableFile(reason: "it is a folder").description == "the file cannot be read: it is a folder")
  }

  @Test func `what does not fit into memory says what to do`() {
    #expect(
      ImageError.outOfMemory(.png, width: 3, height: 4).description
        == "not enough memory to decode a PNG image of 3 × 4 pixels: make it smaller, or close other programs")
    #expect(
      ImageError.outOfMemoryResizing(width: 3, height: 4).description
        == "not enough memory to resize the image to 3 × 4 pixels: close other programs")
  }

  /// One changed byte at a time, everywhere: whatever comes of it, it is an image or a reason.
  @Test(arguments: [
    "rgb.jpg", "progressive.jpg", "cmyk.jpg", "orientation-6.jpg", "rgb.png", "palette-transparent.png",
    "orientation-6.png", "interlaced.png", "lossy.webp", "lossless.webp", "animated.webp", "orientation-8.webp",
    "rgb.bmp", "palette.bmp", "still.gif", "animated.gif",
  ])
  func `a damaged byte never ends the process`(name: String) throws {
    let bytes = [UInt8](try Fixture.bytes("images/\(name)"))
    let masks: [UInt8] = [0xff, 0x01, 0x80]
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= masks[position % masks.count]
      do throws(ImageError) {
        let image = try ImageDecoder.decode(damaged)
        #expect(image.pixels.count == image.width * image.height * 3)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}
