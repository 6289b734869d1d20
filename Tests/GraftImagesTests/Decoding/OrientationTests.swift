import Testing

@testable import GraftImages

struct OrientationTests {
  /// Two columns, three rows; each pixel's red tells which it is.
  let image = RGBImage(
    width: 2, height: 3, pixels: [1, 2, 3, 4, 5, 6].flatMap { [UInt8($0), UInt8($0) + 10, UInt8($0) + 20] })

  static let cases: [(orientation: Orientation, width: Int, reds: [Int])] = [
    (Orientation.upright, 2, [1, 2, 3, 4, 5, 6]),
    (.mirroredHorizontally, 2, [2, 1, 4, 3, 6, 5]),
    (.turnedHalf, 2, [6, 5, 4, 3, 2, 1]),
    (.mirroredVertically, 2, [5, 6, 3, 4, 1, 2]),
    (.transposed, 3, [1, 3, 5, 2, 4, 6]),
    (.turnedClockwise, 3, [5, 3, 1, 6, 4, 2]),
    (.transposedAlongOtherDiagonal, 3, [6, 4, 2, 5, 3, 1]),
    (.turnedCounterclockwise, 3, [2, 4, 6, 1, 3, 5]),
  ]

  @Test(arguments: cases)
  func `pixels move as the EXIF standard says`(orientation: Orientation, width: Int, reds: [Int]) {
    let oriented = image.applying(orientation)
    #expect(oriented.width == width)
    #expect(stride(from: 0, to: 18, by: 3).map { Int(oriented.pixels[$0]) } == reds)
    #expect(stride(from: 0, to: 18, by: 3).allSatisfy { oriented.pixels[$0 + 2] == oriented.pixels[$0] + 20 })
  }
}
