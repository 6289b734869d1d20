import GraftTensors

/// A point in each square of the unit grid, away from its middle by chance. Repeats after 16 squares.
struct Jitter: Sendable {
  private let offsets: [Point]
  private let turns: [Float]

  /// - Parameter reach: the farthest from the middle along an axis.
  init(reach: Float = 0.42, _ generator: inout SeededGenerator) {
    offsets = (0..<256).map { _ in generator.point(within: reach) }
    turns = (0..<256).map { _ in generator.turn() }
  }

  /// The point of the square that a place lies in, with an angle that belongs to it.
  func own(of place: Point) -> (point: Point, turn: Float) {
    let corner = place.rounded(.down)
    let index = Self.index(Int(corner.x), Int(corner.y))
    return (corner + 0.5 + offsets[index], turns[index])
  }

  /// The distances to the nearest point and to the next.
  func nearestTwo(to place: Point) -> (Float, Float) {
    let corner = place.rounded(.down)
    var (first, second) = (Float.infinity, Float.infinity)
    for row in -1...1 {
      for column in -1...1 {
        let square = corner + Point(Float(column), Float(row))
        let point = square + 0.5 + offsets[Self.index(Int(square.x), Int(square.y))]
        let distance = (place - point).length
        if distance < first { (first, second) = (distance, first) } else { second = min(second, distance) }
      }
    }
    return (first, second)
  }

  private static func index(_ column: Int, _ row: Int) -> Int { (row & 15) * 16 + (column & 15) }
}
