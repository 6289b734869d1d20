import GraftTensors

// What pens do; `Stroke` brings it to size.

extension [[Point]] {
  static func zigzag(_ generator: inout SeededGenerator) -> [[Point]] {
    let (turns, height) = (generator.whole(4...7), generator.between(0.25, 0.5))
    return [(0...turns).map { Point(Float($0) / Float(turns) * 2 - 1, $0 % 2 == 0 ? height : -height) }]
  }

  static func wave(_ generator: inout SeededGenerator) -> [[Point]] {
    let (turns, height) = (generator.between(1.5, 3.2), generator.between(0.2, 0.45))
    return [
      (0...40).map { Point(Float($0) / 20 - 1, height * Trigonometry.sine(Float($0) / 40 * turns * 2 * .pi)) }
    ]
  }

  /// A walk that changes its direction little by little.
  static func scribble(_ generator: inout SeededGenerator) -> [[Point]] {
    var (place, angle, bend) = (Point.zero, generator.turn(), generator.between(-0.5, 0.5))
    var line = [place]
    for _ in 0..<50 {
      bend = 0.85 * bend + generator.between(-0.35, 0.35)
      angle += bend
      place += .polar(angle, 0.1)
      line.append(place)
    }
    return [line]
  }

  /// A trunk that forks, and forks again.
  static func tree(_ generator: inout SeededGenerator) -> [[Point]] {
    let (spread, shrink) = (generator.between(0.35, 0.65), generator.between(0.65, 0.78))
    var lines: [[Point]] = []
    func grow(_ start: Point, _ angle: Float, _ length: Float, _ depth: Int) {
      let end = start + .polar(angle, length)
      lines.append([start, end])
      guard depth > 0 else { return }
      for side: Float in [-1, 1] {
        grow(end, angle + side * spread + generator.between(-0.12, 0.12), length * shrink, depth - 1)
      }
    }
    grow(.zero, -.pi / 2, 1, 4)
    return lines
  }

  /// Lines from one point outwards.
  static func burst(_ generator: inout SeededGenerator) -> [[Point]] {
    let rays = generator.whole(7...12)
    return (0..<rays).map { ray in
      let angle = (Float(ray) + generator.between(-0.2, 0.2)) / Float(rays) * 2 * .pi
      return [.polar(angle, 0.15), .polar(angle, generator.between(0.8, 1))]
    }
  }

  /// Two bundles of parallel lines across each other.
  static func fence(_ generator: inout SeededGenerator) -> [[Point]] {
    let (posts, rails) = (generator.whole(4...6), generator.whole(2...3))
    return (0..<posts).map {
      [Point(Float($0) / Float(posts - 1) * 2 - 1, -0.6), Point(Float($0) / Float(posts - 1) * 2 - 1, 0.6)]
    }
      + (0..<rails).map { [Point(-1.1, Float($0) * 0.45 - 0.25), Point(1.1, Float($0) * 0.45 - 0.25)] }
  }

  /// Of the demo set: a line that winds outwards.
  static func spiral(_ generator: inout SeededGenerator) -> [[Point]] {
    let (turns, hand) = (generator.between(2.2, 3.6), generator.chance(0.5) ? Float(1) : -1)
    return [
      (0...56).map { step in
        let way = Float(step) / 56
        return .polar(hand * way * turns * 2 * .pi, 0.06 + way)
      }
    ]
  }
}
