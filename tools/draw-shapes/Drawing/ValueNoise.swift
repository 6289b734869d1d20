import GraftTensors

/// Smooth random heights over the plane, 0…1: random numbers on a grid, blended in between (value noise), in octaves of
/// half the size and less weight each. Repeats after 16 units.
struct ValueNoise: Sendable {
  private static let period = 16
  private let heights: [Float]
  private let octaves: Int
  private let persistence: Float

  /// - Parameter persistence: the weight of an octave, as a share of that of the one before it.
  init(octaves: Int, persistence: Float = 0.5, _ generator: inout SeededGenerator) {
    self.octaves = octaves
    self.persistence = persistence
    heights = (0..<Self.period * Self.period).map { _ in generator.nextUniform() }
  }

  func height(at point: Point) -> Float {
    var (sum, weights, weight): (Float, Float, Float) = (0, 0, 1)
    var place = point
    for _ in 0..<octaves {
      sum += weight * blended(place)
      weights += weight
      weight *= persistence
      // Shifted as well as shrunk, so that the grids of two octaves do not meet in the origin.
      place = 2 * place + 5.3
    }
    return sum / weights
  }

  private func blended(_ point: Point) -> Float {
    let corner = point.rounded(.down)
    let part = point - corner
    let weight = part * part * (3 - 2 * part)
    let (column, row) = (Int(corner.x), Int(corner.y))
    let upper = at(column, row) * (1 - weight.x) + at(column + 1, row) * weight.x
    let lower = at(column, row + 1) * (1 - weight.x) + at(column + 1, row + 1) * weight.x
    return upper * (1 - weight.y) + lower * weight.y
  }

  private func at(_ column: Int, _ row: Int) -> Float {
    // A power of two: `&` wraps negative numbers, too.
    heights[(row & (Self.period - 1)) * Self.period + (column & (Self.period - 1))]
  }
}
