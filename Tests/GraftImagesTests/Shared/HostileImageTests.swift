import Foundation
import Testing

@testable import GraftImages

/// Files that have troubled other readers: Pillow's test images and EXIF examples of every orientation.
@Suite(
  .enabled(if: SharedMaterial.url("material/images") != nil, "needs ../shared/material/images beside the checkout"))
struct HostileImageTests {
  private func outcome(_ path: String) throws -> Result<RGBImage, ImageError> {
    let url = try #require(SharedMaterial.url("material/images/\(path)"), "\(path) is missing")
    return Result { () throws(ImageError) in try ImageDecoder.decode(contentsOf: url) }
  }

  @Test func `every file is an image or has a reason`() throws {
    let folder = try ImageFolder(withoutClasses: try #require(SharedMaterial.url("material/images")))
    #expect(folder.samples.count >= 90)
    for sample in folder.samples {
      do throws(ImageError) {
        let image = try ImageDecoder.decode(contentsOf: sample.url)
        #expect(image.pixels.count == image.width * image.height * 3, "\(sample.path)")
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  static let refused: [(path: String, reason: ImageError)] = [
    ("synthetic/zero_byte.jpg", .empty), ("synthetic/html_404.jpg", .notAnImage("an HTML page")),
    ("exif/LICENSE", .notAnImage("text")),
    ("pillow/decompression_bomb.gif", .tooManyPixels(.gif, width: 65535, height: 66601)),
    ("pillow/zero_width.gif", .noPixels(.gif, width: 0, height: 32)),
    ("pillow/truncated_jpeg.jpg", .cutOff(.jpeg)), ("pillow/truncated_image.png", .cutOff(.png)),
    ("pillow/truncated_end_chunk.png", .cutOff(.png)), ("pillow/ultrahdr.jpg", .cutOff(.jpeg)),
    ("pillow/hopper_lzw.tif", .otherFormat("a TIFF image")), ("pillow/avif_hopper.avif", .otherFormat("an AVIF image")),
    ("pillow/bmp_g_pal8rle.bmp", .unsupported(.bmp, "run-length encoding")),
    ("pillow/no_palette.gif", .unsupported(.gif, "no colour table")),
  ]

  @Test(arguments: refused)
  func `a file that is no readable image is refused for the right reason`(path: String, reason: ImageError) throws {
    #expect(try outcome(path) == .failure(reason))
  }

  @Test(arguments: ["pillow/broken.png", "pillow/broken_data_stream.png"])
  func `damaged files are called damaged`(path: String) throws {
    guard case .failure(.damaged(.png, let reason)) = try outcome(path) else {
      Issue.record("\(path): \(try outcome(path))")
      return
    }
    #expect(!reason.isEmpty)
  }

  static let odd: [(path: String, width: Int, height: Int)] = [
    ("pillow/hopper_bad_exif.jpg", 500, 500), ("pillow/invalid-exif.jpg", 200, 200),
    ("pillow/truncated_app14.jpg", 100, 100), ("pillow/jpeg_ff00_header.jpg", 300, 225),
    ("pillow/junk_jpeg_header.jpg", 1024, 768), ("pillow/sugarshack_bad_mpo_header.jpg", 640, 480),
    ("pillow/sugarshack.mpo", 640, 480), ("pillow/hopper_16bit_qtables.jpg", 128, 128),
    ("pillow/hopper_idat_after_image_end.png", 128, 128), ("pillow/pil_sample_cmyk.jpg", 100, 100),
    ("pillow/hopper.webp", 128, 128), ("pillow/bmp_q_rgba32.bmp", 127, 64), ("pillow/iss634.apng", 245, 245),
    ("pillow/exif_imagemagick_orientation.png", 512, 512), ("pillow/hopper_orientation_6.webp", 128, 128),
  ]

  @Test(arguments: odd)
  func `odd files that other readers accept are read`(path: String, width: Int, height: Int) throws {
    let image = try outcome(path).get()
    #expect(image.size == [width, height])
  }

  /// The nine files of a set show one photograph, stored under each orientation; 0 is no orientation at all.
  @Test(arguments: ["Landscape", "Portrait"])
  func `all orientations show the same photograph`(name: String) throws {
    let upright = try outcome("exif/\(name)_1.jpg").get()
    for orientation in 0...8 {
      let image = try outcome("exif/\(name)_\(orientation).jpg").get()
      #expect(image.size == upright.size)
      // Each was compressed anew, and the figure in its middle differs, which gives up to 3.7; a wrong turn gives more.
      let deviation = Deviation(image, upright)
      #expect(deviation.mean < 6, "\(name) \(orientation): \(deviation)")
    }
  }
}
