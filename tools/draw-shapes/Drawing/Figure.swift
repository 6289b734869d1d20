/// Something to draw, without colour, place or size.
protocol Figure: Sendable {
  /// Whether it covers the plane, as a texture does, or lies within the circle of radius 1 around the origin.
  var isEndless: Bool { get }

  /// How much ink there is at a point, 0…1.
  func ink(at point: Point) -> Float

  /// Of a figure whose parts differ in brightness, how light it is at a point, 0…1; nil where it is all of one kind.
  func tone(at point: Point) -> Float?
}

extension Figure {
  func tone(at point: Point) -> Float? { nil }
}
