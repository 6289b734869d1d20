import GraftImages
import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct PictureTests {
  private func image(_ drawn: DrawnClass, in set: PictureSet, seed: UInt64) -> RGBImage {
    var generator = SeededGenerator(seed: seed)
    return set.image(of: drawn.figure(&generator), size: 16, &generator)
  }

  private static let all = PictureSet.allCases.flatMap(\.classes)
  private static let sample = PictureSet.allCases.flatMap { sample(of: $0) }

  /// All that have a name, and three of each kind that have a number: `glyph-1` to `glyph-3`.
  private static func sample(of set: PictureSet) -> [DrawnClass] {
    set.classes.filter { ($0.name.split(separator: "-").last.flatMap { Int($0) } ?? 0) <= 3 }
  }

  @Test func `the same seed draws the same picture, another seed another`() throws {
    for set in PictureSet.allCases {
      for drawn in Self.sample(of: set) {
        let first = image(drawn, in: set, seed: 1)
        #expect(first.width == 16 && first.height == 16)
        #expect(first == image(drawn, in: set, seed: 1), "\(drawn.name)")
        #expect(first != image(drawn, in: set, seed: 2), "\(drawn.name)")
      }
    }
  }

  @Test func `every class's figures have ink in some places and none in others`() {
    for drawn in Self.sample {
      for seed in 1...3 as ClosedRange<UInt64> {
        var generator = SeededGenerator(seed: seed)
        let figure = drawn.figure(&generator)
        let ink = (0..<40 * 40).map { place in
          figure.ink(at: Point(Float(place % 40), Float(place / 40)) / 20 - 1)
        }
        #expect(ink.allSatisfy { (0...1).contains($0) }, "\(drawn.name) \(seed)")
        #expect(ink.contains { $0 > 0.5 } && ink.contains { $0 < 0.5 }, "\(drawn.name) \(seed)")
      }
    }
  }

  @Test func `figures that end lie within the circle of radius 1`() {
    for drawn in Self.sample {
      var generator = SeededGenerator(seed: 3)
      let figure = drawn.figure(&generator)
      guard !figure.isEndless else { continue }
      for step in 0..<100 {
        let ink = figure.ink(at: .polar(Float(step) / 100 * 2 * .pi, 1.02))
        #expect(ink == 0, "\(drawn.name)")
      }
    }
  }

  @Test func `no class is in two sets, and none twice in one`() {
    let names = Self.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(PictureSet.pretrain.classes.count == 403)
    #expect(PictureSet.demo.classes.count == 5)
  }

  @Test func `the demo shows a figure by itself, what is learnt from shows it in a scene`() {
    func image(in set: PictureSet) -> RGBImage {
      var generator = SeededGenerator(seed: 5)
      return set.image(of: Outline(.regular(3), &generator), size: 24, &generator)
    }
    var generator = SeededGenerator(seed: 5)
    let triangle = Outline(.regular(3), &generator)
    var (pictured, staged) = (generator, generator)
    var picture = Picture(of: triangle, size: 24, &pictured)
    var scene = Scene(of: triangle, size: 24, &staged)
    #expect(image(in: .demo) == picture.drawn())
    #expect(image(in: .pretrain) == scene.drawn())
    #expect(image(in: .demo) != image(in: .pretrain))
  }
}
