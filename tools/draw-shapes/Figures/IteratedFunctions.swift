import GraftTensors

/// The attractor of an iterated function system: affine maps, one of which, drawn anew each time by the share of the
/// plane that it keeps, moves a point on (Barnsley, 1988). As pretraining data after Kataoka et al., arXiv:2101.08515.
struct IteratedFunctions: Figure {
  /// point ↦ (a·x + b·y + e, c·x + d·y + f).
  struct Map: Sendable {
    var a, b, c, d, e, f: Float

    func callAsFunction(_ point: Point) -> Point { Point(a * point.x + b * point.y + e, c * point.x + d * point.y + f) }

    /// What share of an area is left; never quite nothing, so that lines are drawn, too.
    var share: Float { max(abs(a * d - b * c), 0.01) }
  }

  let isEndless = false
  private static let cells = 80
  private static let pointCount = 14_000
  /// Whether a cell of the square around the circle of radius 1 holds a point of the attractor.
  private let isHit: [Bool]

  /// - Parameter jitter: every coefficient is changed by chance up to this much, as no two leaves are alike.
  init(_ maps: [Map], jitter: Float = 0.03, _ generator: inout SeededGenerator) {
    let own = maps.map { map in
      Map(
        a: map.a + generator.between(-jitter, jitter), b: map.b + generator.between(-jitter, jitter),
        c: map.c + generator.between(-jitter, jitter), d: map.d + generator.between(-jitter, jitter), e: map.e, f: map.f
      )
    }
    let points = Self.points(of: own, &generator).centered
    let radius = max(points.map(\.length).max() ?? 1, 1e-6)
    var isHit = [Bool](repeating: false, count: Self.cells * Self.cells)
    for point in points where (point / radius).length <= 1 {
      isHit[Self.cell(of: point * (0.97 / radius))] = true
    }
    self.isHit = isHit
  }

  /// The share of the cells that hold a point.
  var fillRate: Float { Float(isHit.count { $0 }) / Float(isHit.count) }

  func ink(at point: Point) -> Float {
    guard abs(point.x) < 1, abs(point.y) < 1 else { return 0 }
    return isHit[Self.cell(of: point)] ? 1 : 0
  }

  private static func cell(of point: Point) -> Int {
    let place = ((point + 1) * (Float(cells) / 2)).clamped(
      lowerBound: .zero, upperBound: Point(repeating: Float(cells) - 1))
    return Int(place.y) * cells + Int(place.x)
  }

  private static func points(of maps: [Map], _ generator: inout SeededGenerator) -> [Point] {
    let total = maps.reduce(0) { $0 + $1.share }
    var point = Point.zero
    var points: [Point] = []
    points.reserveCapacity(pointCount)
    for step in 0..<pointCount {
      var rest = generator.nextUniform() * total
      let map = maps.first { candidate in
        rest -= candidate.share
        return rest < 0
      }
      point = (map ?? maps[0])(point)
      // A system that chance has made grow without end is given up; the first steps are still on their way.
      guard point.length < 1e6 else { return points.isEmpty ? [.zero] : points }
      if step > 20 { points.append(point) }
    }
    return points
  }
}
