import GraftTensors

extension Texture {
  /// A mark in each square of a grid, shifted at random.
  ///
  /// - Parameters:
  ///   - isTurned: whether each mark is turned by an angle of its own.
  ///   - mark: whether a point belongs to a mark around the origin that stays within the circle of radius 1.
  static func scatter(
    isTurned: Bool, _ generator: inout SeededGenerator, mark: @escaping @Sendable (Point) -> Bool
  ) -> Texture {
    let (size, radius) = (generator.between(2.2, 4), generator.between(0.26, 0.34))
    let jitter = Jitter(reach: 0.5 - radius, &generator)
    return Texture { point in
      let (center, turn) = jitter.own(of: point * size)
      let own = (point * size - center) / radius
      return mark(isTurned ? own.rotated(by: turn) : own) ? 1 : 0
    }
  }

  static func dots(_ generator: inout SeededGenerator) -> Texture {
    scatter(isTurned: false, &generator) { $0.length < 0.8 }
  }

  static func circles(_ generator: inout SeededGenerator) -> Texture {
    scatter(isTurned: false, &generator) { abs($0.length - 0.75) < 0.2 }
  }

  static func crumbs(_ generator: inout SeededGenerator) -> Texture {
    scatter(isTurned: true, &generator) { max(abs($0.x), abs($0.y)) < 0.65 }
  }

  static func dashes(_ generator: inout SeededGenerator) -> Texture {
    scatter(isTurned: false, &generator) { abs($0.x) < 0.95 && abs($0.y) < 0.22 }
  }

  static func needles(_ generator: inout SeededGenerator) -> Texture {
    scatter(isTurned: true, &generator) { abs($0.x) < 0.98 && abs($0.y) < 0.18 }
  }

  static func plusses(_ generator: inout SeededGenerator) -> Texture {
    scatter(isTurned: true, &generator) { min(abs($0.x), abs($0.y)) < 0.22 && max(abs($0.x), abs($0.y)) < 0.9 }
  }
}
