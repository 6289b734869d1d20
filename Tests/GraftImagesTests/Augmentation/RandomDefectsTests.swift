import Foundation
import GraftTensors
import Testing

@testable import GraftImages

struct RandomDefectsTests {
  private func grey(_ level: UInt8, side: Int = 64) -> EditedImage {
    EditedImage(RGBImage(width: side, height: side, pixels: .init(repeating: level, count: side * side * 3)))
  }

  @Test func `noise has the deviation that was asked for, and no mean`() {
    var image = grey(128, side: 200)
    var generator = SeededGenerator(seed: 1)
    image.addNoise(deviation: 20, using: &generator)
    let values = image.pixels.map { Double($0) - 128 }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.map { $0 * $0 }.reduce(0, +) / Double(values.count)
    #expect(abs(mean) < 0.2)
    #expect(abs(variance.squareRoot() - 20) < 0.2)
    // 68.27 % within one deviation, as whole levels cut it: ±20.5 is 69.5 %.
    #expect(abs(Double(values.count { abs($0) <= 20 }) / Double(values.count) - 0.695) < 0.01)
    let channels = (0..<3).map { channel in stride(from: channel, to: values.count, by: 3).map { values[$0] } }
    let together = zip(channels[0], channels[1]).map { $0.0 * $0.1 }.reduce(0, +) / Double(channels[0].count)
    #expect(abs(together) < 10, "channels are noisy together")
  }

  @Test func `a blurred point is a Gaussian`() throws {
    var image = grey(0, side: 33)
    let middle = (16 * 33 + 16) * 3
    image.pixels[middle] = 255
    try image.blur(1.5)
    for distance in 0...3 {
      let expected = 255 * exp(-Double(distance * distance) / 4.5) / (2 * .pi * 2.25)
      #expect(abs(Double(image.pixels[middle + distance * 3]) - expected) < 1.2, "\(distance)")
      #expect(image.pixels[middle + distance * 3] == image.pixels[middle - distance * 33 * 3])
    }
    var even = grey(77)
    try even.blur(8)
    #expect(even.pixels.allSatisfy { $0 == 77 })
  }

  @Test func `a quarter of the views lose a rectangle, of 2 to 33 % of the area`() throws {
    let defects = RandomDefects(erasing: 0.25)
    var shares: [Double] = []
    for stream in 0..<1000 {
      var image = grey(128, side: 40)
      try defects.apply(to: &image, by: ViewChance(seed: 2, stream: UInt64(stream)))
      let lost = stride(from: 0, to: image.pixels.count, by: 3).count { image.pixels[$0..<$0 + 3] != [128, 128, 128] }
      if lost > 0 { shares.append(Double(lost) / 1600) }
    }
    #expect(abs(shares.count - 250) < 45)
    #expect(shares.allSatisfy { $0 > 0.015 && $0 < 0.36 })
    #expect(abs(shares.reduce(0, +) / Double(shares.count) - 0.17) < 0.03)
  }

  @Test func `an image too small for a rectangle keeps its pixels`() throws {
    for (width, height) in [(1, 1), (1, 50), (2, 1)] {
      let image = RGBImage(width: width, height: height, pixels: .init(repeating: 9, count: width * height * 3))
      var edited = EditedImage(image)
      try RandomDefects(erasing: 1).apply(to: &edited, by: ViewChance(seed: 2, stream: 5))
      #expect(edited.image == image)
    }
  }

  @Test func `rectangles have torchvision's shapes`() {
    var generator = SeededGenerator(seed: 8)
    let parts = (0..<2000).compactMap { _ in RandomDefects.erased(ofWidth: 200, height: 200, using: &generator) }
    let ratios = parts.map { log(Double($0.height) / Double($0.width)) }
    #expect(ratios.allSatisfy { $0 > log(0.28) && $0 < log(3.6) })
    #expect(abs(ratios.reduce(0, +) / 2000 - (log(0.3) + log(3.3)) / 2) < 0.05)
    #expect(parts.allSatisfy { $0.left >= 0 && $0.top >= 0 && $0.left + $0.width <= 200 && $0.top + $0.height <= 200 })
  }
}
