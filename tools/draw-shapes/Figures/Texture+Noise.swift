import GraftTensors

extension Texture {
  static func clouds(_ generator: inout SeededGenerator) -> Texture {
    let (noise, size) = (ValueNoise(octaves: 4, &generator), generator.between(1.5, 3))
    return Texture { min(max((noise.height(at: $0 * size) - 0.25) * 2, 0), 1) }
  }

  static func blotches(_ generator: inout SeededGenerator) -> Texture {
    let (noise, size, level) = (
      ValueNoise(octaves: 1, &generator), generator.between(3, 6), generator.between(0.45, 0.6)
    )
    return Texture { noise.height(at: $0 * size) > level ? 1 : 0 }
  }

  static func marble(_ generator: inout SeededGenerator) -> Texture {
    let (noise, frequency) = (ValueNoise(octaves: 3, &generator), generator.between(5, 9))
    return Texture { point in
      (0.7 - abs(Trigonometry.sine(frequency * point.x + 9 * noise.height(at: point * 1.5)))).edged(0.5)
    }
  }

  /// Grains that touch nowhere: the noise of one size, stretched along one direction.
  static func wood(_ generator: inout SeededGenerator) -> Texture {
    let (noise, stretch) = (ValueNoise(octaves: 2, &generator), generator.between(5, 9))
    return Texture { point in
      Trigonometry.sine(22 * noise.height(at: Point(point.x * 4, point.y * 4 / stretch))).edged(0.6)
    }
  }

  /// The borders between cells: places that have two nearest seeds (Worley, 1996).
  static func cells(_ generator: inout SeededGenerator) -> Texture {
    let (jitter, size, width) = (
      Jitter(&generator), generator.between(2.5, 4.5), generator.between(0.07, 0.14)
    )
    return Texture { point in
      let (first, second) = jitter.nearestTwo(to: point * size)
      return second - first < width ? 1 : 0
    }
  }
}
