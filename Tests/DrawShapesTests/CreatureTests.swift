import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct CreatureTests {
  private let part = Creature.Part(
    center: Point(0.3, -0.2), reach: Point(0.5, 0.2), angle: 0.7, roundness: 0.5, taper: 0.4, bend: 0.3, tone: 0.8)

  @Test func `an ellipse is as wide as its reach in the middle and comes to a point at both ends`() {
    var ellipse = part
    ellipse.taper = 0
    #expect(ellipse.width(along: 0) == 1)
    #expect(abs(ellipse.width(along: 0.6) - 0.8) < 1e-6)
    #expect(ellipse.width(along: 1) == 0 && ellipse.width(along: -1) == 0)
    // Tapered, one end is wider by as much as the other is narrower.
    #expect(abs(part.width(along: 0.6) - 0.8 * 1.24) < 1e-6)
    #expect(abs(part.width(along: -0.6) - 0.8 * 0.76) < 1e-6)
  }

  @Test func `the mirror image of a part has the mirror images of its points, with its sides exchanged`() {
    let (own, mirrored) = (part.border, part.mirrored.border)
    #expect(own.count == 34)
    for pair in stride(from: 0, to: own.count, by: 2) {
      for (point, image) in [(own[pair], mirrored[pair + 1]), (own[pair + 1], mirrored[pair])] {
        #expect((point * Point(-1, 1) - image).length < 1e-5)
      }
    }
  }

  /// How light a figure is at points over the square around the circle of radius 1; −1 where it has no ink.
  private func tones(_ figure: any Figure) -> [Float] {
    (0..<3600).map { place in
      let point = (Point(Float(place % 60), Float(place / 60)) + 0.5) / 30 - 1
      return figure.ink(at: point) > 0 ? figure.tone(at: point) ?? -1 : -1
    }
  }

  private func difference(_ first: any Figure, _ second: any Figure) -> Float {
    zip(tones(first), tones(second)).reduce(0) { $0 + abs($1.0 - $1.1) } / 3600
  }

  @Test func `a creature looks more like itself than like others`() {
    var generator = SeededGenerator(seed: 1)
    let first = (1...12).map { Creature(seed: $0).figure(&generator) }
    let second = (1...12).map { Creature(seed: $0).figure(&generator) }
    let same = zip(first, second).reduce(Float(0)) { $0 + difference($1.0, $1.1) } / 12
    let other = zip(first, second.dropFirst()).reduce(Float(0)) { $0 + difference($1.0, $1.1) } / 11
    #expect(same > 0, "no two appearances are the same")
    #expect(same < 0.75 * other, "\(same) \(other)")
  }

  @Test func `a creature fills its circle and has parts that differ in brightness`() {
    var generator = SeededGenerator(seed: 1)
    for seed in 1...12 as ClosedRange<UInt64> {
      let figure = Creature(seed: seed).figure(&generator)
      let seen = tones(figure).filter { $0 >= 0 }
      #expect((300...2800).contains(seen.count), "\(seed): \(seen.count)")
      #expect(seen.allSatisfy { (0...1).contains($0) })
      #expect(Set(seen).count >= 2, "\(seed)")
    }
  }
}
