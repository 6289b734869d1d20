import GraftImages
import GraftTensors

/// What a camera makes of a scene: out of focus, over- or underexposed, cast in a colour, noisy.
struct Camera: Sendable {
  private let blurReach: Int
  private let blurWeight: Float
  private let contrast, brightness: Float
  /// What red, green and blue take from one another.
  private let mix: (Color, Color, Color)
  private let noise: Float

  /// - Parameter badness: 0…1, how far off focus it may be and how noisy.
  init(badness: Float, _ generator: inout SeededGenerator) {
    blurReach = generator.chance(0.1) ? 2 : 1
    blurWeight = generator.chance(0.6) ? badness * generator.nextUniform() : 0
    contrast = generator.between(0.65, 1.3)
    brightness = generator.between(-0.12, 0.12)
    func row(_ own: Color) -> Color {
      own + Color(generator.between(-0.1, 0.1), generator.between(-0.1, 0.1), generator.between(-0.1, 0.1))
    }
    mix = (row([1, 0, 0]), row([0, 1, 0]), row([0, 0, 1]))
    noise = generator.chance(0.7) ? generator.between(0, 0.07) * badness : 0
  }

  func photograph(_ scene: [Color], size: Int, _ generator: inout SeededGenerator) -> RGBImage {
    let channels = (0..<3).map { channel in
      let sharp = Plane(size: size) { scene[$0 * size + $1][channel] }
      guard blurWeight > 0 else { return sharp }
      let soft = sharp.blurred(reach: blurReach)
      return Plane(size: size) { sharp[$0, $1] + blurWeight * (soft[$0, $1] - sharp[$0, $1]) }
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(size * size * 3)
    for place in 0..<size * size {
      let seen = Color(channels[0].values[place], channels[1].values[place], channels[2].values[place])
      let mixed = Color((mix.0 * seen).sum(), (mix.1 * seen).sum(), (mix.2 * seen).sum())
      let grain = (ColorPair.random(&generator) - Color(repeating: 0.5)) * (2 * noise)
      let exposed = (mixed - Color(repeating: 0.5)) * contrast + Color(repeating: 0.5 + brightness) + grain
      let scaled = (exposed.clamped(lowerBound: .zero, upperBound: .one) * 255).rounded(.toNearestOrEven)
      pixels.append(contentsOf: [UInt8(scaled.x), UInt8(scaled.y), UInt8(scaled.z)])
    }
    return RGBImage(width: size, height: size, pixels: pixels)
  }
}
