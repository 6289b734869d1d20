import GraftTensors

/// A letter of no alphabet: a few bent lines, drawn by chance once, and traced by another hand each time.
struct Glyph: Sendable {
  /// Each a start, a point that pulls, and an end (a quadratic Bézier curve).
  private let curves: [(Point, Point, Point)]

  /// - Parameter seed: another letter for each.
  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0x474C)
    var end = generator.point(within: 1)
    var curves: [(Point, Point, Point)] = []
    for _ in 0..<generator.whole(2...5) {
      // Most lines go on where the last one ended.
      let start = generator.chance(0.6) ? end : generator.point(within: 1)
      repeat { end = generator.point(within: 1) } while (end - start).length < 0.6
      curves.append((start, generator.point(within: 1.3), end))
    }
    self.curves = curves
  }

  /// The lines of one tracing.
  func lines(_ generator: inout SeededGenerator) -> [[Point]] {
    curves.map { start, pull, end in
      let moved = [start, pull, end].map { $0 + generator.point(within: 0.12) }
      return (0...10).map { step in
        let way = Float(step) / 10
        let first = moved[0] + (moved[1] - moved[0]) * way
        let second = moved[1] + (moved[2] - moved[1]) * way
        return first + (second - first) * way
      }
    }
  }
}
