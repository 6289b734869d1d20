import GraftTensors

extension Creature {
  /// A body, a limb or a mark: a line of changing width, bent.
  struct Part {
    var center: Point
    /// Half the length and half the width.
    var reach: Point
    var angle: Float
    /// How the width goes along the part: 0.35 is close to a rectangle, 0.5 an ellipse, 1 a lens.
    var roundness: Float
    /// How much wider the one end is than the other, −1…1.
    var taper: Float
    var bend: Float
    /// How light it is, 0…1.
    var tone: Float

    /// Half the width, −1…1 along the part.
    func width(along way: Float) -> Float {
      Trigonometry.power(max(1 - way * way, 0), roundness) * (1 + taper * way)
    }

    /// Points of the line around it.
    var border: [Point] {
      (-8...8).flatMap { step in
        let way = Float(step) / 8
        return [-1, 1].map { (side: Float) in
          center + (Point(way, side * width(along: way) - bend * way * way) * reach).rotated(by: angle)
        }
      }
    }

    /// As a mirror shows it whose plane stands upright in the origin.
    var mirrored: Part {
      var other = self
      other.center.x = -center.x
      other.angle = .pi - angle
      other.bend = -bend
      return other
    }

    /// Parts drawn by chance, most of them with their mirror images.
    ///
    /// - Parameters:
    ///   - body: what they are on; `within` is the distance from its middle, in shares of its reach.
    ///   - size: of half their lengths.
    static func pairs(
      _ count: Int, on body: Part, within: ClosedRange<Float>, size: ClosedRange<Float>,
      _ generator: inout SeededGenerator
    ) -> [Part] {
      (0..<count).flatMap { _ -> [Part] in
        let one = random(on: body, within: within, size: size, &generator)
        return generator.chance(0.75) ? [one, one.mirrored] : [one]
      }
    }

    private static func random(
      on body: Part, within: ClosedRange<Float>, size: ClosedRange<Float>, _ generator: inout SeededGenerator
    ) -> Part {
      let long = generator.between(size.lowerBound, size.upperBound)
      return Part(
        center: .polar(generator.turn(), generator.between(within.lowerBound, within.upperBound)) * body.reach,
        reach: Point(long, long * generator.between(0.25, 1)), angle: generator.turn(),
        roundness: generator.between(0.35, 1), taper: generator.between(-0.9, 0.9),
        bend: generator.between(-0.5, 0.5),
        tone: generator.chance(0.5) ? generator.between(0, 0.3) : generator.between(0.7, 1))
    }
  }
}
