import GraftTensors

/// A texture that nobody has named: two to four gratings at angles and of widths drawn by chance, bent by noise.
struct Weave: Sendable {
  private struct Grating {
    let wave: Point
    let weight: Float
  }

  private let gratings: [Grating]
  private let bend: Float
  private let softness: Float
  private let level: Float

  /// - Parameter seed: another texture for each.
  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0x5745)
    gratings = (0..<generator.whole(2...4)).map { _ in
      let frequency = 4 * Trigonometry.power(4, generator.nextUniform())
      return Grating(wave: .polar(generator.turn(), frequency), weight: generator.between(0.4, 1))
    }
    bend = generator.chance(0.5) ? generator.between(1, 6) : 0
    softness = generator.between(0, 1.2)
    level = generator.between(-0.4, 0.4)
  }

  /// One piece of it.
  func texture(_ generator: inout SeededGenerator) -> Texture {
    let noise = ValueNoise(octaves: 2, &generator)
    let phases = gratings.map { _ in generator.turn() }
    let stretch = generator.between(0.9, 1.1)
    return Texture { point in
      let shift = bend == 0 ? 0 : bend * noise.height(at: point * 1.5)
      let height = zip(gratings, phases).reduce(level) { sum, grating in
        sum + grating.0.weight * Trigonometry.sine((grating.0.wave * point).sum() * stretch + grating.1 + shift)
      }
      return height.edged(softness)
    }
  }
}
