import Foundation

/// Foundation's functions under names that do not clash with those of other modules.
enum Trigonometry {
  static func sine(_ angle: Float) -> Float { Foundation.sin(angle) }
  static func cosine(_ angle: Float) -> Float { Foundation.cos(angle) }
  static func power(_ base: Float, _ exponent: Float) -> Float { Foundation.pow(base, exponent) }
  /// −π…π.
  static func angle(of point: Point) -> Float { Foundation.atan2(point.y, point.x) }
}
