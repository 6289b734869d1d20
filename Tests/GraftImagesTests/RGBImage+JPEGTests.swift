import Foundation
import Testing

@testable import GraftImages

@Suite struct `RGBImage as JPEG` {
  /// A slope without edges, which JPEG keeps well.
  private var image: RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<30 {
      for x in 0..<50 { pixels += [2 * x + 50, 3 * y + 60, x + y + 40].map { UInt8($0) } }
    }
    return RGBImage(width: 50, height: 30, pixels: pixels)
  }

  @Test func `a file reads back almost as it was, and the same image gives the same bytes`() throws {
    let file = try image.jpeg(quality: 95)
    let read = try ImageDecoder.decode(file)
    #expect(read.width == 50 && read.height == 30)
    let differences = zip(read.pixels, image.pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.max() ?? 255 <= 8)
    #expect(try image.jpeg(quality: 95) == file)
  }

  @Test func `less quality takes less room`() throws {
    #expect(try image.jpeg(quality: 20).count < image.jpeg(quality: 95).count)
  }

  @Test func `an image that no JPEG file holds is refused`() {
    let wide = RGBImage(width: 70_000, height: 1, pixels: [UInt8](repeating: 0, count: 210_000))
    #expect(throws: ImageError.unwritableFile(reason: "70000 × 1 pixels are too many for a JPEG file")) {
      _ = try wide.jpeg()
    }
  }
}
