import GraftTensors
import Testing

@testable import DrawShapes

/// The figures that chance has made: fractals, contours, glyphs, weaves and hides.
@Suite struct UnnamedFigureTests {
  /// The ink at points over the square around the circle of radius 1.
  private func inked(_ figure: any Figure) -> [Float] {
    (0..<3600).map { place in
      let corner = Point(Float(place % 60), Float(place / 60))
      return figure.ink(at: (corner + 0.5) / 30 - 1)
    }
  }

  @Test func `fractals found by chance fill between a tenth and half of the square, and no two are the same`() {
    let systems = IteratedFunctions.found(12)
    #expect(systems.count == 12)
    for system in systems {
      var generator = SeededGenerator(seed: 9)
      // Another walk over the same attractor: a little more or less of it is hit.
      let rate = IteratedFunctions(system, jitter: 0, &generator).fillRate
      #expect((0.08...0.55).contains(rate))
    }
    #expect(Set(systems.map { $0[0].a }).count == 12)
  }

  /// The share of their ink that two figures have in common.
  private func overlap(_ first: any Figure, _ second: any Figure) -> Float {
    let pairs = zip(inked(first), inked(second))
    let common = pairs.reduce(Float(0)) { $0 + min($1.0, $1.1) }
    let either = pairs.reduce(Float(0)) { $0 + max($1.0, $1.1) }
    return common / either
  }

  @Test func `two drawings of a contour are alike, and those of two contours less so`() {
    var generator = SeededGenerator(seed: 1)
    /// Not as a band, which overlaps with few others.
    func filled(_ seed: UInt64) -> Outline {
      while true {
        let outline = Outline(Contour(seed: seed).corners(&generator), &generator)
        if outline.ink(at: .zero) == 1 { return outline }
      }
    }
    let same: [Float] = (1...6).map { overlap(filled($0), filled($0)) }
    let other: [Float] = (1...6).map { overlap(filled($0), filled($0 + 20)) }
    let (sameMean, otherMean) = (same.reduce(0, +) / 6, other.reduce(0, +) / 6)
    #expect(sameMean > 0.7)
    #expect(otherMean < sameMean - 0.05)
  }

  @Test func `two tracings of a glyph have the same lines, no point of which moves far`() {
    var generator = SeededGenerator(seed: 1)
    for seed in 1...6 as ClosedRange<UInt64> {
      let first = Glyph(seed: seed).lines(&generator)
      let second = Glyph(seed: seed).lines(&generator)
      #expect(first != second)
      #expect(first.count == second.count && (2...5).contains(first.count))
      // Each of the three points is moved by up to 0.12 along either axis, and a point of the curve is a mean of them.
      let ways = zip(first.joined(), second.joined()).map { ($0 - $1).length }
      #expect(ways.allSatisfy { $0 < 0.34 }, "\(ways)")
    }
  }

  @Test func `pieces of a weave have the same share of ink, other weaves another`() {
    var generator = SeededGenerator(seed: 1)
    func share(_ seed: UInt64) -> Float {
      let texture = Weave(seed: seed).texture(&generator)
      let ink = (0..<14_400).reduce(Float(0)) { sum, place in
        let corner = Point(Float(place % 120), Float(place / 120))
        return sum + texture.ink(at: corner / 6)
      }
      return ink / 14_400
    }
    let first: [Float] = (1...8).map { share($0) }
    let second: [Float] = (1...8).map { share($0) }
    for (one, other) in zip(first, second) { #expect(abs(one - other) < 0.08) }
    #expect(first.contains { $0 > 0.55 } && first.contains { $0 < 0.45 }, "\(first)")
  }

  @Test func `pieces of a hide are as light and as fine as one another, other hides are not`() {
    var generator = SeededGenerator(seed: 1)
    /// The mean of its ink and how much it changes from one place to the next.
    func character(_ seed: UInt64) -> Point {
      let texture = Hide(seed: seed).texture(&generator)
      let places = (0..<3600).map { Point(Float($0 % 60), Float($0 / 60)) / 7.5 }
      let ink = places.reduce(Float(0)) { $0 + texture.ink(at: $1) }
      let change = places.reduce(Float(0)) { $0 + abs(texture.ink(at: $1) - texture.ink(at: $1 + Point(0.05, 0.05))) }
      return Point(ink, change) / 3600
    }
    let first: [Point] = (1...20).map { character($0) }
    let second: [Point] = (1...20).map { character($0) }
    let same = zip(first, second).reduce(Float(0)) { $0 + ($1.0 - $1.1).length } / 20
    let other = zip(first, second.dropFirst()).reduce(Float(0)) { $0 + ($1.0 - $1.1).length } / 19
    #expect(same < other / 2, "\(same) \(other)")
  }
}
