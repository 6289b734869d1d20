/// A place or a direction in the plane: x to the right, y down.
typealias Point = SIMD2<Float>

extension SIMD2<Float> {
  var length: Float { (self * self).sum().squareRoot() }

  /// Turned clockwise, as y points down; in radians.
  func rotated(by angle: Float) -> Point {
    let (sine, cosine) = (Trigonometry.sine(angle), Trigonometry.cosine(angle))
    return Point(cosine * x - sine * y, sine * x + cosine * y)
  }

  /// The point at an angle on the circle of that radius around the origin.
  static func polar(_ angle: Float, _ radius: Float = 1) -> Point {
    Point(radius, 0).rotated(by: angle)
  }
}
