import GraftTensors

/// A pattern that covers the plane, given by how much ink there is at each point.
struct Texture: Figure {
  let isEndless = true
  private let pattern: @Sendable (Point) -> Float

  init(_ pattern: @escaping @Sendable (Point) -> Float) {
    self.pattern = pattern
  }

  func ink(at point: Point) -> Float { pattern(point) }
}

extension Float {
  /// 1 for the greater half of a wave, sharp or soft at its edge.
  func edged(_ softness: Float) -> Float {
    softness < 0.05 ? (self > 0 ? 1 : 0) : Swift.min(Swift.max(0.5 + self / (2 * softness), 0), 1)
  }
}
