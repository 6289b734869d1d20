import GraftImages
import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct CameraTests {
  private let grey = Color(repeating: 0.5)

  @Test func `a good camera shows an even scene as it is, a bad one mostly with noise`() {
    func shades(_ badness: Float) -> [Int] {
      (0..<20 as Range<UInt64>).map { seed in
        var generator = SeededGenerator(seed: seed)
        let camera = Camera(badness: badness, &generator)
        let image = camera.photograph([Color](repeating: grey, count: 64), size: 8, &generator)
        return Set(stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }).count
      }
    }
    #expect(shades(0).allSatisfy { $0 == 1 })
    #expect((10..<20).contains(shades(1).count { $0 > 3 }))
  }
}
