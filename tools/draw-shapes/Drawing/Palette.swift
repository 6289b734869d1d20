import GraftTensors

/// The colours of one thing: as in nature mostly of one hue and little of it, so that they differ in brightness first,
/// then from warm to cold. Chosen anew for each picture: they say nothing about the class.
struct Palette: Sendable {
  let dark, light, stain: Color

  /// - Parameters:
  ///   - brightness: of the middle between dark and light, 0…1.
  ///   - contrast: from that middle to either.
  init(brightness: Float, contrast: Float, _ generator: inout SeededGenerator) {
    // Some things are painted or dyed.
    let strength: Float = generator.chance(0.2) ? 0.35 : 0.12
    let hue = Self.hue(strength, &generator)
    dark = Color(repeating: brightness - contrast) + hue + Self.hue(0.05, &generator)
    light = Color(repeating: brightness + contrast) + hue + Self.hue(0.05, &generator)
    stain = (dark + light) / 2 + Self.hue(0.1, &generator) + generator.between(-0.15, 0.15)
  }

  /// Away from grey, mostly on the way from blue to orange and least from green to purple, as light in nature is.
  private static func hue(_ strength: Float, _ generator: inout SeededGenerator) -> Color {
    let warmth = strength * (generator.nextUniform() + generator.nextUniform() - 0.85)
    let purple = strength * 0.4 * (generator.nextUniform() + generator.nextUniform() - 1)
    return Color(1, 0.1, -1) * warmth + Color(0.5, -1, 0.5) * purple
  }
}
