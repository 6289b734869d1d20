import GraftTensors
import Testing

@testable import GraftImages

struct WarpingTests {
  private func even(_ width: Int, _ height: Int) -> RGBImage {
    RGBImage(width: width, height: height, pixels: (0..<width * height).flatMap { _ in [200, 90, 30] as [UInt8] })
  }

  /// Pillow's bilinear `transform` of the mirrored image cuts fractions off where OpenCV rounds, and OpenCV knows places to a
  /// 32nd of a pixel.
  @Test func `a warp is Pillow's, within one level`() throws {
    let image = try Fixture.image("augmentation/smooth.ppm")
    let values = try AugmentationValues.read()
    let maps =
      values.affine.enumerated().map { ("affine-\($0.offset)", $0.element.inverse + [0, 0, 1]) }
      + values.perspective.enumerated().map { ("perspective-\($0.offset)", $0.element.inverse + [1]) }
    for (name, numbers) in maps {
      let warped = try image.warped(by: ProjectiveMap(numbers), width: 61, height: 43, antialiased: false)
      let expected = try Fixture.image("augmentation/\(name).ppm")
      let deviation = Deviation(warped, expected)
      #expect(deviation.maximum <= 1, "\(name): \(deviation)")
    }
  }

  @Test func `a quarter turn to the left moves pixels and changes none`() throws {
    let image = RGBImage(width: 2, height: 2, pixels: [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
    let map = ProjectiveMap.affine(rotation: 90, centre: (1, 1))
    let turned = try image.warped(by: map, width: 2, height: 2, antialiased: true)
    #expect(turned.pixels == [2, 2, 2, 4, 4, 4, 1, 1, 1, 3, 3, 3])
  }

  @Test func `beyond its edges an image is mirrored`() throws {
    let image = RGBImage(width: 3, height: 1, pixels: [1, 1, 1, 2, 2, 2, 3, 3, 3])
    let moved = try image.warped(by: .translation(-4, 0), width: 10, height: 1, antialiased: true)
    #expect(stride(from: 0, to: 30, by: 3).map { moved.pixels[$0] } == [3, 3, 2, 1, 1, 2, 3, 3, 2, 1])
  }

  @Test func `an even surface stays even, wherever chance leads, whatever its shape`() throws {
    let warp = RandomWarp(rotation: 180, zoom: 1, shift: 1, shear: 60, perspective: 0.9)
    for (width, height) in [(1, 1), (1, 900), (900, 2), (50, 40), (700, 300)] {
      let image = even(width, height)
      for number in 0..<30 {
        let map = warp.drawn(by: ViewChance(seed: 1, stream: UInt64(number)), width: 24, height: 24)
          .followed(by: .scaling(Double(width) / 24, Double(height) / 24))
        for antialiased in [true, false] {
          let warped = try image.warped(by: map, width: 24, height: 24, antialiased: antialiased)
          #expect(warped == even(24, 24), "\(width) × \(height), \(number)")
        }
      }
    }
  }

  @Test func `an image of more pixels than OpenCV counts is shrunk first`() throws {
    let image = even(40_000, 2)
    let map = ProjectiveMap.scaling(40_000.0 / 8, 2.0 / 8)
    for antialiased in [true, false] {
      #expect(try image.warped(by: map, width: 8, height: 8, antialiased: antialiased) == even(8, 8))
    }
  }

  @Test func `shrinking takes the mean of what it passes over`() throws {
    // A chequerboard, grey from afar.
    let board = RGBImage(
      width: 240, height: 240,
      pixels: (0..<240 * 240).flatMap { index in
        [UInt8](repeating: (index / 240 + index % 240) % 2 == 0 ? 0 : 255, count: 3)
      })
    let map = ProjectiveMap.affine(rotation: 20, centre: (20, 20)).followed(by: .scaling(6, 6))
    let smooth = try board.warped(by: map, width: 40, height: 40, antialiased: true)
    #expect(smooth.pixels.allSatisfy { (120...136).contains($0) })
    let rough = try board.warped(by: map, width: 40, height: 40, antialiased: false)
    #expect(!rough.pixels.allSatisfy { (60...195).contains($0) })
  }

  @Test func `only what is seen is shrunk, and it is the same`() throws {
    // The whole image and a part in its middle, so that neither sees an edge that the other does not.
    let image = try Fixture.image("views/96x64-crop-28x28.ppm")
    let map = ProjectiveMap.affine(rotation: 25, centre: (3, 3))
    let inside = try image.warped(
      by: map.followed(by: .scaling(2, 2)).followed(by: .translation(8, 8)), width: 6, height: 6, antialiased: true)
    let whole = try image.warped(
      by: .translation(-4, -4).followed(by: map).followed(by: .scaling(2, 2)).followed(by: .translation(8, 8)),
      width: 14, height: 14, antialiased: true)
    #expect(whole.cropped(to: PixelRectangle(left: 4, top: 4, width: 6, height: 6)) == inside)
  }
}
