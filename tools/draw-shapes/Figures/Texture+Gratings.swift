import GraftTensors

extension Texture {
  static func stripes(_ generator: inout SeededGenerator) -> Texture {
    let (frequency, softness, share) = (
      generator.between(5, 14), generator.between(0, 1), generator.between(-0.4, 0.4)
    )
    return Texture { (Trigonometry.sine(frequency * $0.x) + share).edged(softness) }
  }

  static func checks(_ generator: inout SeededGenerator) -> Texture {
    let (frequency, aspect) = (generator.between(5, 10), generator.between(0.75, 1.3))
    return Texture { point in
      (Trigonometry.sine(frequency * point.x) * Trigonometry.sine(frequency * aspect * point.y)).edged(0)
    }
  }

  static func grid(_ generator: inout SeededGenerator) -> Texture {
    let (frequency, thickness) = (generator.between(6, 13), generator.between(0.6, 0.9))
    return Texture { point in
      max(Trigonometry.sine(frequency * point.x), Trigonometry.sine(frequency * point.y)) > thickness ? 1 : 0
    }
  }

  static func waves(_ generator: inout SeededGenerator) -> Texture {
    let (frequency, swing, length) = (
      generator.between(7, 13), generator.between(0.1, 0.22), generator.between(4, 7)
    )
    return Texture { point in
      Trigonometry.sine(frequency * (point.x + swing * Trigonometry.sine(length * point.y))).edged(0.3)
    }
  }

  static func zigzags(_ generator: inout SeededGenerator) -> Texture {
    let (frequency, swing, length) = (
      generator.between(7, 13), generator.between(0.5, 1.1), generator.between(0.3, 0.6)
    )
    return Texture { point in
      let fold = abs((point.y / length).truncatingRemainder(dividingBy: 2))
      return Trigonometry.sine(frequency * (point.x + swing * length * abs(fold - 1))).edged(0)
    }
  }

  /// - Parameter center: of the rings; the picture is moved at random as well.
  static func rings(_ generator: inout SeededGenerator) -> Texture {
    let frequency = generator.between(6, 14)
    return Texture { point in Trigonometry.sine(frequency * folded(point).length).edged(0.3) }
  }

  static func rays(_ generator: inout SeededGenerator) -> Texture {
    let count = Float(generator.whole(5...11))
    return Texture { point in Trigonometry.sine(count * Trigonometry.angle(of: folded(point))).edged(0) }
  }

  /// The plane in tiles of 3 × 3, each with its origin in the middle, so that wherever the picture lies, one is in view.
  private static func folded(_ point: Point) -> Point {
    point - (point / 3).rounded(.toNearestOrEven) * 3
  }
}
