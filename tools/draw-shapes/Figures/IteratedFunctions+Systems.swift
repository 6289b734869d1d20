import GraftTensors

extension IteratedFunctions {
  static let sierpinski = [
    Map(a: 0.5, b: 0, c: 0, d: 0.5, e: 0, f: 0), Map(a: 0.5, b: 0, c: 0, d: 0.5, e: 0.5, f: 0),
    Map(a: 0.5, b: 0, c: 0, d: 0.5, e: 0.25, f: 0.43),
  ]

  static let carpet = (0..<9).filter { $0 != 4 }.map { place in
    Map(a: 0.333, b: 0, c: 0, d: 0.333, e: Float(place % 3) * 0.333, f: Float(place / 3) * 0.333)
  }

  static let dragon = [
    Map(a: 0.5, b: -0.5, c: 0.5, d: 0.5, e: 0, f: 0), Map(a: -0.5, b: -0.5, c: 0.5, d: -0.5, e: 1, f: 0),
  ]

  static let fern = [
    Map(a: 0, b: 0, c: 0, d: 0.16, e: 0, f: 0), Map(a: 0.85, b: 0.04, c: -0.04, d: 0.85, e: 0, f: 1.6),
    Map(a: 0.2, b: -0.26, c: 0.23, d: 0.22, e: 0, f: 1.6), Map(a: -0.15, b: 0.28, c: 0.26, d: 0.24, e: 0, f: 0.44),
  ]

  static let snowflake = (0..<5).map { arm in
    let place = Point.polar(Float(arm) / 5 * 2 * .pi, 0.62)
    return Map(a: 0.38, b: 0, c: 0, d: 0.38, e: place.x, f: place.y)
  }

  /// Systems that chance has found, the first that many that fill neither too little of the plane to be seen nor so much
  /// that they are mere blots (the fill rate by which Kataoka et al. choose theirs).
  static func found(_ count: Int) -> [[Map]] {
    var systems: [[Map]] = []
    var seed: UInt64 = 0
    while systems.count < count {
      seed += 1
      let system = random(seed: seed)
      var generator = SeededGenerator(seed: seed, stream: 0x4946 + 1)
      if (0.1...0.5).contains(IteratedFunctions(system, jitter: 0, &generator).fillRate) { systems.append(system) }
    }
    return systems
  }

  /// A system that nobody has named: two to five maps drawn by chance, none of which enlarges anything.
  static func random(seed: UInt64) -> [Map] {
    var generator = SeededGenerator(seed: seed, stream: 0x4946)
    return (0..<generator.whole(2...5)).map { _ in
      // Turned, stretched by two numbers below 1, turned again.
      let (first, second) = (generator.turn(), generator.turn())
      let (wide, narrow) = (generator.between(0.35, 0.85), generator.between(0.2, 0.65))
      let right = Point(1, 0).rotated(by: second) * Point(wide, narrow)
      let down = Point(0, 1).rotated(by: second) * Point(wide, narrow)
      let (column, next) = (right.rotated(by: first), down.rotated(by: first))
      return Map(
        a: column.x, b: next.x, c: column.y, d: next.y, e: generator.between(-1, 1), f: generator.between(-1, 1))
    }
  }
}
