import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct PaletteTests {
  @Test func `the light side of a palette is lighter by the contrast, whatever its hue`() {
    for seed in 0..<50 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let palette = Palette(brightness: 0.5, contrast: 0.2, &generator)
      let (dark, light) = (palette.dark.sum() / 3, palette.light.sum() / 3)
      #expect(abs(light - dark - 0.4) < 0.02)
      #expect(abs((light + dark) / 2 - 0.5) < 0.05)
    }
  }
}
