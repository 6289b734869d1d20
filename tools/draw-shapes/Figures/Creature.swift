import GraftTensors

/// A being that nobody has seen: a body and a few parts on it, most of them in pairs, each with a place, a form and a
/// brightness of its own, drawn by chance once; each time it appears it stands a little differently.
struct Creature: Sendable {
  /// From the back to the front.
  private let parts: [Part]

  /// - Parameter seed: another creature for each.
  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0x4352)
    let body = Part(
      center: .zero, reach: Point(generator.between(0.35, 0.75), generator.between(0.35, 0.75)), angle: 0,
      roundness: generator.between(0.35, 0.7), taper: generator.between(-0.5, 0.5), bend: 0,
      tone: generator.between(0.3, 0.7))
    // Limbs behind the body, marks on it.
    let limbs = Part.pairs(generator.whole(1...3), on: body, within: 0.8...1.3, size: 0.25...0.6, &generator)
    let marks = Part.pairs(generator.whole(1...4), on: body, within: 0...0.8, size: 0.06...0.3, &generator)
    parts = limbs + [body] + marks
  }

  /// One appearance of it.
  func figure(_ generator: inout SeededGenerator) -> any Figure {
    let turned = generator.between(-0.25, 0.25)
    let moved = parts.map { part in
      var own = part
      // Looking to a side moves what lies in front against what lies behind.
      own.center += generator.point(within: 0.05) + Point(turned * (1 - part.center.length), 0)
      own.reach *= Point(generator.between(0.85, 1.15), generator.between(0.85, 1.15))
      own.angle += generator.between(-0.25, 0.25)
      own.tone = min(max(part.tone + generator.between(-0.15, 0.15), 0), 1)
      return own
    }
    return Appearance(moved)
  }
}

/// A creature as it stands once.
private struct Appearance: Figure {
  let isEndless = false
  private let parts: [(part: Creature.Part, sine: Float, cosine: Float)]
  /// Of the circle around all parts.
  private let middle: Point
  private let radius: Float

  init(_ parts: [Creature.Part]) {
    self.parts = parts.map { ($0, Trigonometry.sine($0.angle), Trigonometry.cosine($0.angle)) }
    let border = parts.flatMap(\.border)
    let moved = border.centered
    middle = (border.first ?? .zero) - (moved.first ?? .zero)
    radius = max(moved.map(\.length).max() ?? 1, 1e-6)
  }

  func ink(at point: Point) -> Float { front(at: point) == nil ? 0 : 1 }

  func tone(at point: Point) -> Float? { front(at: point)?.tone ?? 0.5 }

  /// The part that is seen at a point.
  private func front(at point: Point) -> Creature.Part? {
    guard point.length < 1 else { return nil }
    let place = point * radius + middle
    return parts.last { part, sine, cosine in
      let way = place - part.center
      let own = Point(cosine * way.x + sine * way.y, cosine * way.y - sine * way.x) / part.reach
      guard abs(own.x) < 1 else { return false }
      return abs(own.y + part.bend * own.x * own.x) < part.width(along: own.x)
    }?.part
  }
}
