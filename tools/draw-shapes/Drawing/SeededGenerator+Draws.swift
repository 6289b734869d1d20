import GraftTensors

extension SeededGenerator {
  /// Uniform between two numbers.
  mutating func between(_ lower: Float, _ upper: Float) -> Float {
    lower + (upper - lower) * nextUniform()
  }

  /// Uniform among whole numbers, both ends included.
  mutating func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + min(Int(nextUniform() * Float(range.count)), range.count - 1)
  }

  mutating func chance(_ probability: Float) -> Bool { nextUniform() < probability }

  /// An angle of a full turn, in radians.
  mutating func turn() -> Float { between(0, 2 * .pi) }

  /// Uniform in a square around the origin.
  mutating func point(within side: Float) -> Point { Point(between(-side, side), between(-side, side)) }
}
