import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct FigureTests {
  @Test func `a filled square has ink inside its corners alone, a band only along its edge`() {
    var kinds: Set<String> = []
    for seed in 0..<40 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let square = Outline(.rectangle(1, 1), &generator)
      // Squeezed by up to 15 % one way or the other, its edges lie 0.62 to 0.74 from the middle.
      kinds.insert(square.ink(at: .zero) == 1 ? "filled" : "band")
      for corner in [Point(0.8, 0), Point(0, -0.8), Point(0.75, 0.75)] { #expect(square.ink(at: corner) == 0) }
      #expect((50..<80).contains { square.ink(at: Point(Float($0) / 100, 0)) == 1 })
    }
    #expect(kinds == ["filled", "band"])
  }

  @Test func `a stroke covers its line and not what lies beside it`() {
    var generator = SeededGenerator(seed: 1)
    let stroke = Stroke([[Point(0, 0), Point(4, 0)]], &generator)
    #expect(stroke.ink(at: .zero) == 1)
    #expect(stroke.ink(at: Point(-0.9, 0)) == 1)
    #expect(stroke.ink(at: Point(0, 0.1)) == 0)
  }

  @Test func `Sierpinski's triangle has the hole in its middle`() {
    var generator = SeededGenerator(seed: 1)
    let triangle = IteratedFunctions(IteratedFunctions.sierpinski, jitter: 0, &generator)
    let inked = (0..<80 * 80).count { triangle.ink(at: (Point(Float($0 % 80), Float($0 / 80)) + 0.5) / 40 - 1) > 0 }
    // About 3^6 of 4^6 cells of the triangle's half of the square: far from full, far from empty.
    #expect((200...2000).contains(inked))
    #expect(triangle.ink(at: Point(0, -0.2)) == 0)
  }

  @Test func `value noise stays within 0 and 1, is continuous and repeats after 16`() {
    var generator = SeededGenerator(seed: 1)
    let noise = ValueNoise(octaves: 1, &generator)
    for step in 0..<500 {
      let point = Point(Float(step) * 0.013 - 3, Float(step) * 0.007 - 2)
      let height = noise.height(at: point)
      #expect((0...1).contains(height))
      #expect(abs(height - noise.height(at: point + 0.001)) < 0.01)
      #expect(abs(height - noise.height(at: point + 16)) < 1e-3)
    }
  }
}
