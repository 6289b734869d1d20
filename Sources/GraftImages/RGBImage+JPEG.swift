import CImaging
import Foundation

extension RGBImage {
  /// The bytes of a JPEG file of the image; the same pixels give the same bytes with one version of TurboJPEG.
  ///
  /// - Parameter quality: 1 to 100.
  /// - Throws: `ImageError.unwritableFile`.
  public func jpeg(quality: Int = 85) throws(ImageError) -> Data {
    precondition((1...100).contains(quality), "a JPEG quality of \(quality)")
    guard let width = Int32(exactly: width), let height = Int32(exactly: height),
      case let room = imaging_jpeg_limit(width, height), room > 0
    else { throw .unwritableFile(reason: "\(self.width) × \(self.height) pixels are too many for a JPEG file") }
    var file = Data(count: room)
    var count = 0
    var reason = imaging_reason()
    // TurboJPEG wants the place where to write, which is lent for the time of the call alone.
    let status = file.withUnsafeMutableBytes { target in
      guard let start = target.bindMemory(to: UInt8.self).baseAddress else { return IMAGING_OUT_OF_MEMORY }
      return imaging_jpeg_encode(pixels, width, height, Int32(quality), start, &count, &reason)
    }
    guard status == IMAGING_READ else { throw .unwritableFile(reason: reason.text) }
    return file.prefix(count)
  }
}
