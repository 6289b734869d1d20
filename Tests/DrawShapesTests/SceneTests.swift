import GraftImages
import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct SceneTests {
  private struct Disc: Figure {
    var isEndless = false
    func ink(at point: Point) -> Float { isEndless || point.length < 0.9 ? 1 : 0 }
  }

  private func scene(of figure: any Figure, seed: UInt64) -> Scene {
    var generator = SeededGenerator(seed: seed)
    return Scene(of: figure, size: 32, &generator)
  }

  @Test func `a scene shows its figure once, before the ground and behind one other thing at most`() {
    var counts: Set<Int> = []
    for seed in 0..<100 as Range<UInt64> {
      let things = scene(of: Disc(), seed: seed).things
      counts.insert(things.count)
      #expect(things.indices.filter { things[$0].figure is Disc }.count == 1)
      #expect(things[0].figure.isEndless && !(things[0].figure is Disc))
      #expect(things.suffix(2).contains { $0.figure is Disc })
    }
    // The ground and the figure, up to two behind it and one before it.
    #expect(counts == [2, 3, 4, 5])
  }

  @Test func `a texture covers the ground in six of ten scenes, a thing in the others`() {
    var grounds = 0
    for seed in 0..<200 as Range<UInt64> {
      let things = scene(of: Disc(isEndless: true), seed: seed).things
      let places = things.indices.filter { things[$0].surface.pattern is Disc }
      #expect(places.count == 1)
      if places == [0] { grounds += 1 }
    }
    #expect((100...140).contains(grounds), "\(grounds)")
  }

  @Test func `of a figure that covers nothing there is nothing to be seen, of another there is`() {
    struct Nothing: Figure {
      let isEndless = false
      func ink(at point: Point) -> Float { 0 }
    }
    for seed in 0..<10 as Range<UInt64> {
      var (with, without, empty) = (
        scene(of: Disc(), seed: seed), scene(of: Nothing(), seed: seed), scene(of: Nothing(), seed: seed)
      )
      let bare = without.drawn()
      #expect(bare == empty.drawn())
      let changed = zip(with.drawn().pixels, bare.pixels).count { abs(Int($0) - Int($1)) > 8 }
      // The smallest figure's circle is a third of the picture or so.
      #expect(changed > 32 * 32 * 3 / 10, "\(seed): \(changed)")
    }
  }
}
