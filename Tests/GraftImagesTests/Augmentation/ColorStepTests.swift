import Testing

@testable import GraftImages

/// Against torchvision's functions on Pillow images: `tools/reference/augmentation_fixtures.py`.
struct ColorStepTests {
  /// The fixture's name, what it is here, and by how many levels a pixel may differ: Pillow's blends cut fractions off and
  /// round the grey first, and Graft rounds once, at the end.
  static let cases: [(String, ColorStep, Double)] = [
    ("brightness-0.4", .brightness(0.4), 1), ("brightness-1.7", .brightness(1.7), 1),
    ("contrast-0.3", .contrast(0.3), 1), ("contrast-1.8", .contrast(1.8), 1), ("saturation-0", .saturation(0), 1),
    ("saturation-0.5", .saturation(0.5), 1), ("saturation-1.9", .saturation(1.9), 1),
    ("sharpness-0", .sharpness(0), 0),
    ("sharpness-1.9", .sharpness(1.9), 1), ("posterize-2", .posterize(2), 0), ("posterize-8", .posterize(8), 0),
    ("solarize-0", .solarize(0), 0), ("solarize-93.5", .solarize(93.5), 0), ("autocontrast", .autocontrast, 0),
    ("equalize", .equalize, 0), ("invert", .invert, 0),
  ]

  @Test(arguments: cases, ["picture", "narrow"])
  func `a step alone is Pillow's`(one: (name: String, step: ColorStep, tolerance: Double), image: String) throws {
    var edited = EditedImage(try Fixture.image("augmentation/\(image).ppm"))
    let before = edited.image
    edited.apply([one.step])
    let expected = try Fixture.image("augmentation/\(image)-\(one.name).ppm")
    let deviation = Deviation(edited.image, expected)
    #expect(deviation.maximum <= one.tolerance, "\(deviation)")
    // The picture has all values from 0 to 255.
    let changesNothing = ["posterize-8"] + (image == "picture" ? ["autocontrast"] : [])
    #expect(changesNothing.contains(one.name) == (edited.image == before))
  }

  @Test func `neighbouring linear steps are one matrix, rounded once`() throws {
    let image = RGBImage(width: 2, height: 1, pixels: [250, 10, 100, 50, 60, 70])
    var edited = EditedImage(image)
    // 250 · 2 lies beyond 255, but comes back.
    edited.apply([.brightness(2), .brightness(0.5)])
    #expect(edited.image == image)
    // Contrast is about the mean of what brightness left: halved, the luma is (92 + 58.2) / 2 / 2.
    var dark = EditedImage(image)
    dark.apply([.brightness(0.5), .contrast(0)])
    #expect(dark.pixels == [UInt8](repeating: 38, count: 6))
  }

  @Test func `what is not linear comes in its place`() {
    var edited = EditedImage(RGBImage(width: 1, height: 1, pixels: [100, 130, 200]))
    edited.apply([.brightness(0.5), .posterize(1), .brightness(0.25)])
    #expect(edited.pixels == [0, 0, 0])
    var other = EditedImage(RGBImage(width: 1, height: 1, pixels: [100, 130, 200]))
    other.apply([.posterize(1), .brightness(0.25)])
    #expect(other.pixels == [0, 32, 32])
  }

  @Test(arguments: [0.02, 0.1, 0.25, 0.5, -0.3])
  func `hue moves no grey and keeps the brightness`(turn: Double) {
    let matrix = ColorMatrix.hue(turn)
    for level in [0.0, 100, 255] {
      let grey = SIMD4(level, level, level, 1)
      for row in [matrix.red, matrix.green, matrix.blue] { #expect(abs((row * grey).sum() - level) < 1e-3) }
    }
    let luma = matrix.luma(ofColor: [120, 90, 60])
    #expect(abs(luma - (0.299 * 120 + 0.587 * 90 + 0.114 * 60)) < 1e-3)
    // And back again.
    let back = matrix.followed(by: .hue(-turn))
    for (found, expected) in zip(back.numbers, ColorMatrix.identity.numbers) { #expect(abs(found - expected) < 1e-5) }
  }

  @Test func `a third of a turn takes red to green, as torchvision's does`() throws {
    let expected = try AugmentationValues.read().hues
    for (turn, leading) in [("0.3333333333333333", 1), ("-0.3333333333333333", 2)] {
      var edited = EditedImage(RGBImage(width: 1, height: 1, pixels: [200, 40, 40]))
      edited.apply([.hue(try #require(Double(turn)))])
      #expect(edited.pixels.firstIndex(of: edited.pixels.max() ?? 0) == leading)
      let pillow = try #require(expected[turn])
      #expect(pillow.firstIndex(of: pillow.max() ?? 0) == leading)
    }
    // A tenth turns to orange in both: most red, least blue.
    var edited = EditedImage(RGBImage(width: 1, height: 1, pixels: [200, 40, 40]))
    edited.apply([.hue(0.1)])
    let pillow = try #require(expected["0.1"])
    for pixel in [edited.pixels.map(Int.init), pillow] { #expect(pixel[0] > pixel[1] && pixel[1] > pixel[2]) }
  }
}
