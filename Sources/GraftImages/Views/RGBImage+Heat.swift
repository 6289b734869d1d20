extension RGBImage {
  /// The image in grey under a veil of colour: none where a place counts nothing, yellow to red the more it counts. So no colour of
  /// the photograph's own is taken for the veil's. What lies outside `part`, which a network has not seen, is darkened.
  ///
  /// - Parameters:
  ///   - heat: 0…1, row by row, `rows × columns` places that divide `part` evenly; what lies between their centres is interpolated.
  /// - Precondition: there are as many numbers as places, and `part` lies within the image.
  public func veiled(heat: [Float], rows: Int, columns: Int, over part: PixelRectangle) throws(ImageError) -> RGBImage {
    precondition(heat.count == rows * columns, "\(heat.count) numbers for \(rows) × \(columns) places")
    precondition(
      part.left >= 0 && part.top >= 0 && part.left + part.width <= width && part.top + part.height <= height,
      "a part \(part) of \(width) × \(height) pixels")
    let grey = heat.flatMap { [UInt8](repeating: UInt8(min(max($0, 0), 1) * 255 + 0.5), count: 3) }
    let smooth = try RGBImage(width: columns, height: rows, pixels: grey)
      .resizedLinearly(width: part.width, height: part.height)
    let light = (0..<width * height).map { luma(at: 3 * $0) }
    var veiled = light.flatMap { [UInt8](repeating: UInt8($0 / 2), count: 3) }
    for y in 0..<part.height {
      for x in 0..<part.width {
        let place = (part.top + y) * width + part.left + x
        let heat = smooth[(y * part.width + x) * 3] / 255
        let (share, colour) = (Self.opacity * heat, Self.colour(of: heat))
        for channel in 0..<3 {
          veiled[3 * place + channel] = UInt8(light[place] + share * (colour[channel] - light[place]) + 0.5)
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: veiled)
  }

  /// How light a pixel is, ITU-R BT.601.
  private func luma(at first: Int) -> Float {
    0.299 * Float(pixels[first]) + 0.587 * Float(pixels[first + 1]) + 0.114 * Float(pixels[first + 2])
  }

  /// Of the veil where a place counts most: what is there must still be seen.
  private static let opacity: Float = 0.6

  private static func colour(of heat: Float) -> SIMD3<Float> {
    [255, 225 - 205 * heat * heat, 0]
  }
}

extension EvaluationView {
  /// The part of an image that the view shows, in the image's own pixels.
  public func seenPart(of image: RGBImage) -> PixelRectangle {
    guard resize == .shorterSideAndCrop else {
      return PixelRectangle(left: 0, top: 0, width: image.width, height: image.height)
    }
    let size = ResizedSize(of: image, covering: self)
    func scaled(_ length: Int, from resized: Int, to whole: Int) -> Int {
      (length * whole + resized / 2) / max(resized, 1)
    }
    let left = scaled(size.left, from: size.width, to: image.width)
    let top = scaled(size.top, from: size.height, to: image.height)
    let right = scaled(size.left + width, from: size.width, to: image.width)
    let bottom = scaled(size.top + height, from: size.height, to: image.height)
    return PixelRectangle(left: left, top: top, width: max(1, right - left), height: max(1, bottom - top))
  }
}
