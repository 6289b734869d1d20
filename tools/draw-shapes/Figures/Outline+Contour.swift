import GraftTensors

/// A closed line of a shape that nobody has named: a circle whose radius swings by a few waves drawn by chance. As
/// pretraining data after the radial contours of Kataoka et al., arXiv:2206.09132.
struct Contour: Sendable {
  /// Of each wave that runs `index + 2` times around the circle: how far it swings, and where it begins.
  private let waves: [(swing: Float, phase: Float)]

  /// - Parameter seed: another shape for each.
  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0x434F)
    waves = (2...8).map { wave in
      (generator.chance(0.6) ? generator.between(0.1, 0.5) / Float(wave).squareRoot() : 0, generator.turn())
    }
  }

  /// The corners of one such line: no two are quite alike.
  func corners(_ generator: inout SeededGenerator) -> [Point] {
    let own = waves.map { ($0.swing * generator.between(0.8, 1.2), $0.phase + generator.between(-0.15, 0.15)) }
    return .curve { angle in
      let swing = zip(2..., own).reduce(Float(0)) { sum, wave in
        sum + wave.1.0 * Trigonometry.sine(Float(wave.0) * angle + wave.1.1)
      }
      return max(1 + swing, 0.15)
    }
  }
}
