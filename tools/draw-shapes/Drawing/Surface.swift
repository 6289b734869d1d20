import GraftTensors

/// What a thing is made of: a pattern in the colours of a palette, with stains, and how much the pattern stands out from
/// the surface.
struct Surface: Sendable {
  private let palette: Palette
  let pattern: any Figure
  private let patternScale: Float
  private let stains: ValueNoise
  private let stainWeight: Float
  let relief: Float

  /// - Parameters:
  ///   - pattern: dark and light parts.
  ///   - scale: how often the pattern's unit fits into the figure's.
  ///   - contrast: between dark and light, as the palette takes it.
  ///   - staining: the most that stains count.
  init(
    _ pattern: any Figure, scale: Float, brightness: Float, contrast: Float, staining: Float,
    _ generator: inout SeededGenerator
  ) {
    self.pattern = pattern
    patternScale = scale
    palette = Palette(brightness: brightness, contrast: contrast, &generator)
    stains = ValueNoise(octaves: 4, persistence: 0.65, &generator)
    stainWeight = generator.between(0.05, staining)
    relief = generator.chance(0.5) ? generator.between(0, 0.5) : 0
  }

  func mark(at point: Point) -> Float { pattern.ink(at: point * patternScale) }

  /// - Parameter tone: of the figure's part, where it has one; it counts for more than the pattern.
  func color(at point: Point, mark: Float, tone: Float?) -> Color {
    let light = tone.map { 0.65 * $0 + 0.35 * mark } ?? mark
    let own = palette.dark + (palette.light - palette.dark) * (tone == nil ? light : 1.6 * light - 0.3)
    return own + (palette.stain - own) * (stainWeight * stains.height(at: point * 1.7 + 3))
  }
}
