import GraftTensors

/// Lines of one width with round ends.
struct Stroke: Figure {
  let isEndless = false
  private let segments: [(start: Point, end: Point)]
  private let halfWidth: Float

  /// - Parameter lines: each a chain of points, in any size and place: brought into the circle of radius 1 here.
  init(_ lines: [[Point]], _ generator: inout SeededGenerator) {
    let halfWidth = generator.between(0.03, 0.075)
    let points = lines.flatMap { $0 }
    let low = points.reduce(points.first ?? .zero) { pointwiseMin($0, $1) }
    let high = points.reduce(points.first ?? .zero) { pointwiseMax($0, $1) }
    let middle = (low + high) / 2
    let radius = points.map { ($0 - middle).length }.max() ?? 1
    let scale = (0.97 - halfWidth) / max(radius, 1e-6)
    segments = lines.flatMap { line in
      let moved = line.map { ($0 - middle) * scale }
      return zip(moved, moved.dropFirst()).map { (start: $0, end: $1) }
    }
    self.halfWidth = halfWidth
  }

  func ink(at point: Point) -> Float {
    for (start, end) in segments {
      let side = end - start
      let way = point - start
      let along = min(max((way * side).sum() / max((side * side).sum(), 1e-12), 0), 1)
      if (way - side * along).length < halfWidth { return 1 }
    }
    return 0
  }
}
