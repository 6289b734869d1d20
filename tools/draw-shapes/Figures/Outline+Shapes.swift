// The corners of figures; `Outline` brings them to size.

extension [Point] {
  /// A regular polygon.
  static func regular(_ sides: Int) -> [Point] {
    (0..<sides).map { .polar(Float($0) / Float(sides) * 2 * .pi) }
  }

  /// - Parameter inner: the radius of the corners between the points.
  static func star(_ points: Int, inner: Float) -> [Point] {
    (0..<2 * points).map { .polar(Float($0) / Float(points) * .pi, $0 % 2 == 0 ? 1 : inner) }
  }

  /// A closed curve, by its radius in each direction.
  static func curve(_ radius: (Float) -> Float) -> [Point] {
    (0..<56).map { step in
      let angle = Float(step) / 56 * 2 * .pi
      return .polar(angle, radius(angle))
    }
  }

  /// A part of a circle's edge, in equal steps, both ends included.
  static func arc(from start: Float, to end: Float, radius: Float = 1, center: Point = .zero) -> [Point] {
    (0...24).map { center + .polar(start + (end - start) * Float($0) / 24, radius) }
  }

  static func rectangle(_ width: Float, _ height: Float) -> [Point] {
    [[-width, -height], [width, -height], [width, height], [-width, height]].map { $0 / 2 }
  }

  static func cross(arm: Float) -> [Point] {
    [
      [-arm, -1], [arm, -1], [arm, -arm], [1, -arm], [1, arm], [arm, arm], [arm, 1], [-arm, 1], [-arm, arm], [-1, arm],
      [-1, -arm], [-arm, -arm],
    ]
  }

  static func ell(arm: Float) -> [Point] {
    [[-1, -1], [arm - 1, -1], [arm - 1, 1 - arm], [0.7, 1 - arm], [0.7, 1], [-1, 1]]
  }

  static func tee(arm: Float) -> [Point] {
    [
      [-1, -1], [1, -1], [1, arm - 1], [arm / 2, arm - 1], [arm / 2, 1], [-arm / 2, 1], [-arm / 2, arm - 1],
      [-1, arm - 1],
    ]
  }

  static func chevron(thickness: Float) -> [Point] {
    [[-1, -0.6], [0, 0.2], [1, -0.6], [1, thickness - 0.6], [0, thickness + 0.2], [-1, thickness - 0.6]]
  }

  static func crescent(bite: Float) -> [Point] {
    arc(from: -.pi * 0.7, to: .pi * 0.7) + arc(from: .pi * 0.62, to: -.pi * 0.62, radius: 0.86, center: [-bite, 0])
  }

  /// A circle with a slice cut out.
  static func pie(open: Float) -> [Point] { [.zero] + arc(from: open / 2, to: 2 * .pi - open / 2) }

  static func drop(tip: Float) -> [Point] {
    [[tip, 0]] + arc(from: .pi * 0.36, to: .pi * 1.64, radius: 0.75)
  }

  static func bolt(lean: Float) -> [Point] {
    [[lean, -1], [-0.5, 0.15], [-0.05, 0.15], [-lean, 1], [0.5, -0.2], [0.05, -0.2]]
  }

  static func trapezoid(top: Float) -> [Point] { [[-top, -0.6], [top, -0.6], [1, 0.6], [-1, 0.6]] }

  // Of the demo set.

  static func heart(depth: Float) -> [Point] {
    (0..<56).map { step in
      let angle = Float(step) / 56 * 2 * .pi
      let sine = Trigonometry.sine(angle)
      // The well-known curve of four cosines.
      let height =
        13 * Trigonometry.cosine(angle) - 5 * Trigonometry.cosine(2 * angle) - 2 * Trigonometry.cosine(3 * angle)
        - Trigonometry.cosine(4 * angle)
      return Point(16 * sine * sine * sine, -height * depth) / 17
    }
  }

  static func gear(teeth: Int, depth: Float) -> [Point] {
    (0..<4 * teeth).map { step in
      .polar((Float(step) + 0.5) / Float(4 * teeth) * 2 * .pi, step % 4 < 2 ? 1 : 1 - depth)
    }
  }

  static func arrow(shaft: Float, head: Float) -> [Point] {
    [
      [-1, -shaft], [1 - head, -shaft], [1 - head, -0.65], [1, 0], [1 - head, 0.65], [1 - head, shaft], [-1, shaft],
    ]
  }

  static func house(roof: Float) -> [Point] {
    [
      [-0.8, 1], [-0.8, -0.1], [-1.05, -0.1], [0, -0.1 - roof], [1.05, -0.1], [0.8, -0.1], [0.8, 1], [0.25, 1],
      [0.25, 0.4], [-0.2, 0.4], [-0.2, 1],
    ]
  }
}
