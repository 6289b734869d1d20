import GraftTensors

/// A texture as fur, bark, grass or stone have them: noise of several sizes at once, stretched along a direction that
/// wanders, bent by other noise, and brought into ridges, bands or patches. Which of these, and how much, is chance.
struct Hide: Sendable {
  private enum Form: CaseIterable { case plain, ridges, bands, patches }

  private let form: Form
  private let frequency, stretch, direction, wander, bend, bendFrequency, persistence, sharpness, level: Float
  private let octaves: Int

  /// - Parameter seed: another texture for each.
  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0x4849)
    form = Form.allCases[generator.whole(0...Form.allCases.count - 1)]
    frequency = 2 * Trigonometry.power(5, generator.nextUniform())
    stretch = generator.chance(0.6) ? Trigonometry.power(7, generator.nextUniform()) : 1
    direction = generator.turn()
    wander = generator.between(0, 0.9)
    bend = generator.chance(0.5) ? generator.between(0.1, 0.6) : 0
    bendFrequency = generator.between(0.8, 2.5)
    persistence = generator.between(0.35, 0.85)
    octaves = generator.whole(1...4)
    sharpness = generator.between(1, 5)
    level = generator.between(0.4, 0.6)
  }

  /// One piece of it.
  func texture(_ generator: inout SeededGenerator) -> Texture {
    let noise = ValueNoise(octaves: octaves, persistence: persistence, &generator)
    let slow = ValueNoise(octaves: 1, &generator)
    let frequency = frequency * generator.between(0.85, 1.15)
    let direction = direction + generator.between(-0.15, 0.15)
    return Texture { point in
      var place = point
      if bend > 0 {
        let (right, down) = (slow.height(at: point * bendFrequency), slow.height(at: point * bendFrequency + 7.7))
        place += (Point(right, down) - 0.5) * (2 * bend)
      }
      let swing = wander * (slow.height(at: point * 0.4 + 3.1) - 0.5)
      let along = place.rotated(by: direction + swing) * Point(frequency / stretch, frequency)
      let height = noise.height(at: along)
      switch form {
      case .plain: return min(max((height - level) * sharpness + 0.5, 0), 1)
      case .ridges: return min(max(1 - abs(height - level) * (2 + 2 * sharpness), 0), 1)
      case .bands: return 0.5 + 0.5 * Trigonometry.sine(height * (8 + 6 * sharpness))
      case .patches: return ((height - level) * 4).edged(0.2)
      }
    }
  }
}
