/// A decoded image: interleaved red, green, blue, 0…255, row by row from the top, without padding.
public struct RGBImage: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// `height × width × 3` bytes.
  public let pixels: [UInt8]

  /// - Precondition: `width` and `height` are positive and `pixels` holds exactly `width * height * 3` bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "an image of \(width) × \(height) pixels")
    precondition(pixels.count == width * height * 3, "\(pixels.count) bytes for \(width) × \(height) pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Red, green and blue of one pixel; `x` counts from the left, `y` from the top.
  public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    precondition((0..<width).contains(x) && (0..<height).contains(y), "no pixel (\(x), \(y))")
    let first = (y * width + x) * 3
    return (pixels[first], pixels[first + 1], pixels[first + 2])
  }
}
