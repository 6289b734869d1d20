import Foundation
import Testing

@testable import GraftImages

struct ImageDecoderTests {
  static let lossless = [
    "grey-1.png", "grey-2.png", "grey-4.png", "grey-8.png", "grey-16.png", "grey-alpha.png", "grey-alpha-16.png",
    "palette.png", "palette-transparent.png", "rgb.png", "rgb-transparent.png", "rgba.png", "rgb-16.png",
    "rgba-16.png", "interlaced.png", "gamma.png", "orientation-6.png", "lossless.webp", "alpha.webp", "animated.webp",
    "orientation-8.webp", "rgb.bmp", "black-and-white.bmp", "palette.bmp", "rgba.bmp", "top-down.bmp", "still.gif",
    "animated.gif", "interlaced.gif",
  ]

  static let lossy =
    ["rgb.jpg", "rgb-444.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg", "lossy.webp", "alpha-lossy.webp"]
    + (1...8).map { "orientation-\($0).jpg" }

  @Test(arguments: lossless)
  func `a lossless image has exactly the pixels that Pillow sees`(name: String) throws {
    let image = try ImageDecoder.decode(Fixture.bytes("images/\(name)"))
    #expect(try image == Fixture.image("expected/\(name).ppm"))
  }

  @Test(arguments: lossy)
  func `a lossy image has the pixels that Pillow sees within two levels`(name: String) throws {
    let image = try ImageDecoder.decode(Fixture.bytes("images/\(name)"))
    let expected = try Fixture.image("expected/\(name).ppm")
    #expect(image.size == expected.size)
    let deviation = Deviation(image, expected)
    #expect(deviation.maximum <= 2, "\(deviation)")
  }

  @Test func `every fixture is listed in one of these tests`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Fixture.url("images").path)
    #expect(names.sorted() == (Self.lossless + Self.lossy).sorted())
  }

  @Test(arguments: 1...8)
  func `every EXIF orientation shows the same picture turned as Pillow turns it`(orientation: Int) throws {
    let upright = try ImageDecoder.decode(Fixture.bytes("images/orientation-1.jpg"))
    let image = try ImageDecoder.decode(Fixture.bytes("images/orientation-\(orientation).jpg"))
    #expect(image == upright.applying(try #require(Orientation(rawValue: orientation))))
    #expect(image.size == (orientation < 5 ? [24, 16] : [16, 24]))
  }

  @Test func `a file is decoded by its contents whatever its name says`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("picture.jpg", Fixture.bytes("images/rgb.png"))
    #expect(try ImageDecoder.decode(contentsOf: file) == Fixture.image("expected/rgb.png.ppm"))
  }

  @Test func `bytes after the end of a JPEG are no fault`() throws {
    let bytes = try Fixture.bytes("images/rgb.jpg")
    let image = try ImageDecoder.decode(bytes + Data("appended by a camera".utf8))
    #expect(image == (try ImageDecoder.decode(bytes)))
  }

  @Test func `bytes between a JPEG's segments are no fault`() throws {
    var bytes = try Fixture.bytes("images/rgb.jpg")
    // Before the second segment: the first follows two bytes of signature.
    let second = 4 + Int(bytes[4]) << 8 + Int(bytes[5])
    bytes.insert(contentsOf: [0, 1, 2, 3], at: second)
    #expect(try ImageDecoder.decode(bytes) == ImageDecoder.decode(Fixture.bytes("images/rgb.jpg")))
  }

  @Test func `a broken EXIF block leaves a JPEG as it is stored`() throws {
    let bytes = try Fixture.bytes("images/orientation-6.jpg")
    let start = try #require(bytes.firstRange(of: Data("Exif\0\0".utf8))).upperBound
    let stored = try ImageDecoder.decode(Fixture.bytes("images/orientation-1.jpg"))
    for damage in [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0]] as [[UInt8]] {
      var broken = bytes
      broken.replaceSubrange(start..<start + damage.count, with: damage)
      #expect(try ImageDecoder.decode(broken) == stored)
    }
  }

  @Test func `an orientation outside 1 to 8 is ignored`() throws {
    var bytes = try Fixture.bytes("images/orientation-6.jpg")
    // The entry: tag 0x0112, type 3, one value, the value; Pillow writes the block big-endian or little-endian.
    let entries: [[UInt8]] = [[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0], [0x12, 0x01, 3, 0, 1, 0, 0, 0]]
    let entry = try #require(entries.compactMap { bytes.firstRange(of: Data($0)) }.first)
    #expect(bytes[entry.upperBound] == 6)
    bytes[entry.upperBound] = 9
    #expect(try ImageDecoder.decode(bytes) == ImageDecoder.decode(Fixture.bytes("images/orientation-1.jpg")))
  }
}
