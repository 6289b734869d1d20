/// How a camera was held, as the EXIF tag `Orientation` tells it: what must be done to the stored pixels to see the
/// picture upright. Source: CIPA DC-008 (Exif 2.32), section 4.6.4.A.
enum Orientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirroredHorizontally
  case turnedHalf
  case mirroredVertically
  case transposed
  case turnedClockwise
  case transposedAlongOtherDiagonal
  case turnedCounterclockwise

  /// Whether width and height change places.
  var swapsAxes: Bool { rawValue >= 5 }
}

extension RGBImage {
  /// The stored pixels as they are to be seen.
  func applying(_ orientation: Orientation) -> RGBImage {
    if orientation == .upright { return self }
    let (newWidth, newHeight) = orientation.swapsAxes ? (height, width) : (width, height)
    // Where the result's first pixel lies in the source, and how far the source moves for a step right and a step down.
    let right = 1
    let down = width
    let lastColumn = width - 1
    let lastRow = (height - 1) * width
    let (first, alongRow, alongColumn) =
      switch orientation {
      case .upright: (0, right, down)
      case .mirroredHorizontally: (lastColumn, -right, down)
      case .turnedHalf: (lastRow + lastColumn, -right, -down)
      case .mirroredVertically: (lastRow, right, -down)
      case .transposed: (0, down, right)
      case .turnedClockwise: (lastRow, -down, right)
      case .transposedAlongOtherDiagonal: (lastRow + lastColumn, -down, -right)
      case .turnedCounterclockwise: (lastColumn, down, -right)
      }
    let oriented = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
      pixels.withUnsafeBufferPointer { source in
        var written = 0
        for row in 0..<newHeight {
          var from = (first + row * alongColumn) * 3
          for _ in 0..<newWidth {
            target[written] = source[from]
            target[written + 1] = source[from + 1]
            target[written + 2] = source[from + 2]
            written += 3
            from += alongRow * 3
          }
        }
        count = written
      }
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: oriented)
  }
}
