import Foundation

/// Why a file could not be read as an image, or written as one. The words follow the file's name, which whoever opened it puts before.
public enum ImageError: Error, Hashable, Sendable {
  /// The file cannot be opened or read; `reason` is the system's.
  case unreadableFile(reason: String)
  case empty
  /// Neither an image nor any other known binary format: "an HTML page", "a Git LFS pointer", "text".
  case notAnImage(String)
  /// A format that Graft knows by name only: "a TIFF image".
  case otherFormat(String)
  case unknownFormat(firstBytes: [UInt8])
  /// A picture that only says that there is none; `notice` is what it says.
  case placeholder(notice: String)
  /// The data end before the picture is complete.
  case cutOff(ImageFormat)
  /// The header promises more pixels than `ImageDecoder.pixelLimit`.
  case tooManyPixels(ImageFormat, width: Int, height: Int)
  case noPixels(ImageFormat, width: Int, height: Int)
  /// A kind of this format that Graft does not read: "run-length encoding".
  case unsupported(ImageFormat, String)
  /// The data contradict the format; `reason` is the decoding library's.
  case damaged(ImageFormat, reason: String)
  case outOfMemory(ImageFormat, width: Int, height: Int)
  /// Enlarged to the size of a view, the image would exceed `ImageDecoder.pixelLimit`.
  case tooNarrow(width: Int, height: Int)
  case outOfMemoryResizing(width: Int, height: Int)
  /// An image cannot be written; `reason` is the system's, or the encoding library's.
  case unwritableFile(reason: String)
}

extension ImageError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .unreadableFile(let reason):
      return "the file cannot be read: \(reason)"
    case .empty:
      return "the file is empty (0 bytes): copy or download it again"
    case .notAnImage("a Git LFS pointer"):
      return "a Git LFS pointer, not the image itself: run `git lfs pull` in its repository"
    case .notAnImage("an HTML page"):
      return "an HTML page, not an image: a server's answer was saved in its place; download the image again"
    case .notAnImage("an SVG drawing"):
      return "an SVG drawing, not a raster image: convert it to PNG"
    case .notAnImage(let name):
      return "\(name), not an image: remove the file, or put the image in its place"
    case .otherFormat(let name) where name.hasSuffix("image"):
      return "\(name), which Graft does not read: convert it to JPEG or PNG"
    case .otherFormat(let name):
      return "\(name), which Graft does not read as an image: use JPEG, PNG, WebP, BMP or GIF"
    case .unknownFormat(let bytes):
      let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      return "no image format that Graft knows (JPEG, PNG, WebP, BMP, GIF): the file begins with the bytes \(digits)"
    case .placeholder(let notice):
      return "a notice that the image host sends in place of a deleted photograph (“\(notice)”), not a photograph: "
        + "remove the file"
    case .cutOff(let format):
      return "a \(format.rawValue) image that is cut off: its data end before the picture is complete; "
        + "copy or download it again"
    case .tooManyPixels(let format, let width, let height):
      return "a \(format.rawValue) image of \(width) × \(height) pixels by its header, more than the "
        + "\(ImageDecoder.pixelLimit) that Graft decodes: the file is damaged or hostile, or must be made smaller"
    case .noPixels(let format, let width, let height):
      return "a \(format.rawValue) image of \(width) × \(height) pixels by its header: there is nothing to see"
    case .unsupported(let format, let what):
      return "a \(format.rawValue) image with \(what), which Graft does not read: convert it to JPEG or PNG"
    case .damaged(let format, let reason):
      return "a damaged \(format.rawValue) image (\(reason)): copy or download it again"
    case .outOfMemory(let format, let width, let height):
      return "not enough memory to decode a \(format.rawValue) image of \(width) × \(height) pixels: "
        + "make it smaller, or close other programs"
    case .tooNarrow(let width, let height):
      return "so narrow an image that it would have to grow to \(width) × \(height) pixels: cut it to a squarer shape"
    case .outOfMemoryResizing(let width, let height):
      return "not enough memory to resize the image to \(width) × \(height) pixels: close other programs"
    case .unwritableFile(let reason):
      return "the file cannot be written: \(reason)"
    }
  }

  public var errorDescription: String? { description }
}
