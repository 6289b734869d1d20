import GraftTensors

/// Red, green and blue, 0…1.
typealias Color = SIMD3<Float>

/// The colours of ink and ground: any two that can be told apart, so that colour says nothing about the class.
struct ColorPair {
  let ink: Color
  let ground: Color

  init(_ generator: inout SeededGenerator) {
    var pair: (Color, Color)
    repeat {
      pair = (Self.random(&generator), Self.random(&generator))
    } while abs(Self.brightness(pair.0) - Self.brightness(pair.1)) < 0.2
    (ink, ground) = pair
  }

  static func random(_ generator: inout SeededGenerator) -> Color {
    Color(generator.nextUniform(), generator.nextUniform(), generator.nextUniform())
  }

  /// As the eye weighs the three (Rec. 601).
  private static func brightness(_ color: Color) -> Float { (color * Color(0.299, 0.587, 0.114)).sum() }
}
