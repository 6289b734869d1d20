import GraftImages
import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct PictureTests {
  private func image(_ drawn: DrawnClass, seed: UInt64, size: Int = 16) -> RGBImage {
    var generator = SeededGenerator(seed: seed)
    var picture = Picture(of: drawn.figure(&generator), size: size, &generator)
    return picture.drawn()
  }

  private static let all = PictureSet.allCases.flatMap(\.classes)
  /// All that have a name, and three of each kind that have a number: `glyph-1` to `glyph-3`.
  private static let sample = all.filter { ($0.name.split(separator: "-").last.flatMap { Int($0) } ?? 0) <= 3 }

  @Test func `the same seed draws the same picture, another seed another`() throws {
    for drawn in Self.sample {
      let first = image(drawn, seed: 1)
      #expect(first.width == 16 && first.height == 16)
      #expect(first == image(drawn, seed: 1), "\(drawn.name)")
      #expect(first != image(drawn, seed: 2), "\(drawn.name)")
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
    #expect(PictureSet.pretrain.classes.count == 358)
    #expect(PictureSet.demo.classes.count == 5)
  }

  @Test func `a ground shows behind a figure that ends, and not behind a texture`() {
    func pixels(_ figure: any Figure, on ground: Texture?) -> Set<UInt8> {
      var generator = SeededGenerator(seed: 4)
      var picture = Picture(of: figure, on: ground, size: 24, &generator)
      return Set(picture.drawn().pixels)
    }
    // A figure with no ink at all, so that every pixel is the ground's.
    struct Nothing: Figure {
      let isEndless: Bool
      func ink(at point: Point) -> Float { 0 }
    }
    let (empty, full) = (Texture { _ in 0 }, Texture { _ in 1 })
    #expect(pixels(Nothing(isEndless: false), on: empty) != pixels(Nothing(isEndless: false), on: full))
    #expect(pixels(Nothing(isEndless: true), on: empty) == pixels(Nothing(isEndless: true), on: full))
  }

  @Test func `half of the pictures to learn from have a ground, those of the demo none`() {
    var generator = SeededGenerator(seed: 1)
    let grounds = (0..<400).count { _ in PictureSet.pretrain.ground(&generator) != nil }
    #expect((160...240).contains(grounds))
    #expect((0..<50).allSatisfy { _ in PictureSet.demo.ground(&generator) == nil })
  }
}
