import GraftTensors
import Testing

@testable import GraftImages

struct RandomCropTests {
  private func parts(
    _ crop: RandomCrop, width: Int, height: Int, count: Int = 4000
  ) -> [PixelRectangle] {
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { _ in crop.part(ofWidth: width, height: height, using: &generator) }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func `areas are spread evenly, and places over all that the image leaves`() {
    let parts = parts(RandomCrop(area: 0.25...1, aspect: 1...1), width: 400, height: 400)
    #expect(parts.allSatisfy { $0.width == $0.height && (200...400).contains($0.width) })
    let areas = parts.map { Double($0.width * $0.height) / 160_000 }
    #expect(abs(mean(areas) - 0.625) < 0.01)
    for (low, high) in [(0.25, 0.4375), (0.4375, 0.625), (0.625, 0.8125), (0.8125, 1.01)] {
      #expect(abs(areas.count { $0 >= low && $0 < high } - 1000) < 120)
    }
    // Where there is room, the middle of it is the mean.
    let roomy = parts.filter { $0.width < 380 }
    for place in [\PixelRectangle.left, \.top] {
      #expect(roomy.allSatisfy { $0[keyPath: place] >= 0 && $0[keyPath: place] + $0.width <= 400 })
      #expect(abs(mean(roomy.map { Double($0[keyPath: place]) / Double(400 - $0.width) }) - 0.5) < 0.02)
    }
    #expect(Set(roomy.map(\.left)) != Set(roomy.map(\.top)) || roomy.contains { $0.left != $0.top })
  }

  @Test func `as many parts are wide as are high, and all shapes between are met`() {
    // None of these shapes fails to fit, which would count it less often.
    let parts = parts(RandomCrop(area: 0.25...0.25), width: 400, height: 400)
    let aspects = parts.map { Double($0.width) / Double($0.height) }
    #expect(aspects.allSatisfy { $0 > 0.745 && $0 < 1.342 })
    #expect(parts.allSatisfy { abs(Double($0.width * $0.height) / 160_000 - 0.25) < 0.003 })
    // Evenly by their logarithms, as torchvision has it.
    #expect(abs(aspects.count { $0 < 0.8660 } - 1000) < 120)
    #expect(abs(aspects.count { $0 < 1 } - 2000) < 150)
    #expect(abs(aspects.count { $0 > 1.1547 } - 1000) < 120)
  }

  @Test(arguments: [
    // Of height × 4/3, respectively width ÷ 3/4, in the middle; halves to the even neighbour.
    (1000, 10, PixelRectangle(left: 493, top: 0, width: 13, height: 10)),
    (10, 1000, PixelRectangle(left: 0, top: 493, width: 10, height: 13)),
    (5, 1, PixelRectangle(left: 2, top: 0, width: 1, height: 1)),
    (1, 1, PixelRectangle(left: 0, top: 0, width: 1, height: 1)),
  ])
  func `an image that no part fits shows its middle`(width: Int, height: Int, expected: PixelRectangle) {
    #expect(parts(RandomCrop(area: 0.9...1), width: width, height: height, count: 20).allSatisfy { $0 == expected })
  }

  @Test func `the whole of a square is the whole`() {
    let whole = PixelRectangle(left: 0, top: 0, width: 37, height: 37)
    #expect(parts(RandomCrop(area: 1...1, aspect: 1...1), width: 37, height: 37, count: 5).allSatisfy { $0 == whole })
  }
}
