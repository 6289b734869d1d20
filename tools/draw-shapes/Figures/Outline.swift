import GraftTensors

/// A closed line of straight pieces, filled or as a band along the line.
struct Outline: Figure {
  let isEndless = false
  private let corners: [Point]
  /// The band's width; nil for a filled figure.
  private let band: Float?

  /// - Parameter corners: in order, in any size and place: brought into the circle of radius 1 here, squeezed a little.
  init(_ corners: [Point], _ generator: inout SeededGenerator) {
    let squeeze = Point(generator.between(0.85, 1.15), 1)
    let centered = corners.centered.map { $0 * squeeze }
    let radius = centered.map(\.length).max() ?? 1
    self.corners = centered.map { $0 * (0.97 / radius) }
    band = generator.chance(0.35) ? generator.between(0.1, 0.2) : nil
  }

  func ink(at point: Point) -> Float {
    let (isInside, distance) = place(of: point)
    return isInside && distance < (band ?? .infinity) ? 1 : 0
  }

  /// Whether the point lies inside, by the even–odd rule, and how far from the line it is.
  private func place(of point: Point) -> (isInside: Bool, distance: Float) {
    var isInside = false
    var nearest = Float.infinity
    var previous = corners[corners.count - 1]
    for corner in corners {
      let side = corner - previous
      let way = point - previous
      if (corner.y > point.y) != (previous.y > point.y), way.x < side.x * way.y / side.y { isInside.toggle() }
      if band != nil {
        let along = min(max((way * side).sum() / max((side * side).sum(), 1e-12), 0), 1)
        nearest = min(nearest, (way - side * along).length)
      }
      previous = corner
    }
    return (isInside, band == nil ? 0 : nearest)
  }
}

extension [Point] {
  /// Moved so that the middle of its extent is the origin.
  var centered: [Point] {
    guard let first else { return [] }
    let low = reduce(first) { pointwiseMin($0, $1) }
    let high = reduce(first) { pointwiseMax($0, $1) }
    return map { $0 - (low + high) / 2 }
  }
}
