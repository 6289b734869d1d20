/// A part of an image, in whole pixels from the left and the top.
public struct PixelRectangle: Hashable, Sendable {
  public var left, top, width, height: Int

  public init(left: Int, top: Int, width: Int, height: Int) {
    (self.left, self.top, self.width, self.height) = (left, top, width, height)
  }
}

extension RGBImage {
  func cropped(to part: PixelRectangle) -> RGBImage {
    if part.width == width, part.height == height { return self }
    var cut: [UInt8] = []
    cut.reserveCapacity(part.width * part.height * 3)
    for row in part.top..<part.top + part.height {
      let start = (row * width + part.left) * 3
      cut += pixels[start..<start + part.width * 3]
    }
    return RGBImage(width: part.width, height: part.height, pixels: cut)
  }
}
