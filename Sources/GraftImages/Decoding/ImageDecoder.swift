import CImaging
import Foundation

/// Turns the bytes of a file into pixels as they are to be seen: RGB, 8 bits, upright.
///
/// Grey, palette, CMYK and 16-bit images are converted, alpha is dropped, an animation gives its first frame. Pixels are
/// those of Pillow's `Image.convert("RGB")`, but for 16-bit grey (the upper 8 bits here, as TensorFlow has it) and for
/// transparent pixels of a GIF (black or the file's background colour here).
public enum ImageDecoder {
  /// The most pixels that a header may promise: Pillow's limit against decompression bombs, twice 89,478,485.
  public static let pixelLimit = 178_956_970

  /// Decodes a whole file held in memory.
  public static func decode(_ bytes: some ContiguousBytes) throws(ImageError) -> RGBImage {
    // `withUnsafeBytes` of ContiguousBytes rethrows any error; a Result carries the type across.
    let result = bytes.withUnsafeBytes { lent in
      Result { () throws(ImageError) in try decode(lent) }
    }
    return try result.get()
  }

  /// Reads and decodes a file.
  ///
  /// The rest of a file is read only when its beginning is that of an image, so that a film among photographs costs
  /// no memory.
  ///
  /// - Throws: `ImageError`; its words do not repeat the file's name.
  public static func decode(contentsOf url: URL) throws(ImageError) -> RGBImage {
    try decode(FileContents.read(url))
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> RGBImage {
    let format = try ImageFormat.recognize(bytes.prefix(512))
    let reader = ByteReader(bytes: bytes)
    return switch format {
    case .jpeg: try decodeJPEG(reader)
    case .png: try decodePNG(reader)
    case .webp: try decodeWebP(reader)
    case .bmp: try decodeBMP(reader)
    case .gif: try decodeGIF(reader)
    }
  }

  /// Called with a header's promise before any memory is taken for it.
  static func check(_ width: Int, _ height: Int, of format: ImageFormat) throws(ImageError) {
    guard width > 0, height > 0 else { throw .noPixels(format, width: width, height: height) }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= pixelLimit else { throw .tooManyPixels(format, width: width, height: height) }
  }

  /// Lets a C function fill `width * height` pixels of `channels` bytes.
  static func pixels(
    _ format: ImageFormat, width: Int, height: Int, channels: Int = 3,
    filling fill: (UnsafeMutablePointer<UInt8>, inout imaging_reason) -> imaging_status
  ) throws(ImageError) -> [UInt8] {
    var reason = imaging_reason()
    var status = IMAGING_DAMAGED
    let byteCount = width * height * channels
    let pixels = [UInt8](unsafeUninitializedCapacity: byteCount) { target, count in
      guard let start = target.baseAddress else { return }
      // A decoder that gives up in the middle leaves the rest as it was: let that be zeros, not the heap's old contents.
      start.initialize(repeating: 0, count: byteCount)
      status = fill(start, &reason)
      count = byteCount
    }
    try check(status, reason, format, width: width, height: height)
    return pixels
  }

  static func check(
    _ status: imaging_status, _ reason: imaging_reason, _ format: ImageFormat, width: Int = 0, height: Int = 0
  ) throws(ImageError) {
    switch status {
    case IMAGING_READ: return
    case IMAGING_CUT_OFF: throw .cutOff(format)
    case IMAGING_OUT_OF_MEMORY: throw .outOfMemory(format, width: width, height: height)
    default: throw .damaged(format, reason: reason.text)
    }
  }
}

extension imaging_reason {
  /// The library's words, up to the terminating zero.
  var text: String {
    withUnsafeBytes(of: words) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
