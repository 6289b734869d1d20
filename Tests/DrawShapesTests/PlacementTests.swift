import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct PlacementTests {
  @Test func `a placement has its centre in the figure's origin and its radius on the figure's circle or beyond`() {
    for seed in 0..<30 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let placement = Placement(radius: 0.5, center: Point(0.2, -0.1), &generator)
      #expect(placement.own(of: Point(0.2, -0.1)).length < 1e-6)
      let ways = (0..<16).map { Point.polar(Float($0) / 16 * 2 * .pi, 0.5) + Point(0.2, -0.1) }
      // Leaning makes a figure narrower by up to a quarter, shearing moves it by up to a fifth.
      #expect(ways.allSatisfy { (0.8...1.65).contains(placement.own(of: $0).length) })
    }
  }
}
