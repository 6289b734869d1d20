import CImaging
import Foundation

extension RGBImage {
  /// Writes the image as a PNG file, whole or not at all; the same pixels give the same bytes with one version of libpng.
  ///
  /// - Throws: `ImageError.unwritableFile`; its words do not repeat the file's name.
  public func writePNG(to url: URL) throws(ImageError) {
    let file = try pngFile()
    do {
      try file.write(to: url, options: .atomic)
    } catch {
      let isFolderMissing = (error as? CocoaError)?.code == .fileNoSuchFile
      throw .unwritableFile(reason: isFolderMissing ? "there is no such folder" : FileContents.reason(of: error))
    }
  }

  /// The bytes of that file.
  ///
  /// - Throws: `ImageError.unwritableFile`.
  public func pngFile() throws(ImageError) -> Data {
    guard let width = Int32(exactly: width), let height = Int32(exactly: height),
      case let room = imaging_png_limit(width, height), room > 0
    else { throw .unwritableFile(reason: "\(self.width) × \(self.height) pixels are too many for a PNG file") }
    var file = Data(count: room)
    var count = 0
    var reason = imaging_reason()
    // libpng wants the place where to write, which is lent for the time of the call alone.
    let status = file.withUnsafeMutableBytes { target in
      guard let start = target.bindMemory(to: UInt8.self).baseAddress else { return IMAGING_OUT_OF_MEMORY }
      return imaging_png_encode(pixels, width, height, start, &count, &reason)
    }
    guard status == IMAGING_READ else { throw .unwritableFile(reason: reason.text) }
    return file.prefix(count)
  }
}
