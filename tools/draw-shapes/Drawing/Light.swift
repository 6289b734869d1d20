import GraftTensors

/// The light of a scene: from one side, softened by what is reflected from everywhere.
struct Light: Sendable {
  /// To the lamp or sun, of length 1, and how far it stands out of the picture's plane.
  private let side: Point
  private let height: Float
  private let ambient: Float
  private let tint: Color
  private let falloff: Float
  let shadowStrength: Float

  init(_ generator: inout SeededGenerator) {
    // From above, more or less.
    side = .polar(-.pi / 2 + generator.between(-1.4, 1.4))
    height = generator.between(0.4, 1.2)
    ambient = generator.between(0.3, 0.8)
    let warmth = generator.between(-0.1, 0.14)
    tint = Color(1 + warmth, 1, 1 - warmth)
    falloff = generator.between(0, 0.35)
    shadowStrength = generator.between(0.1, 0.7)
  }

  /// Where the shadow of a thing falls: against the light, in shares of half the picture's side.
  var shadowWay: Point { -side * 0.08 / height }

  /// What is left of a colour on a slope.
  ///
  /// - Parameter slope: how steeply the surface rises to the right and downwards.
  func on(_ color: Color, slope: Point, at place: Point) -> Color {
    let steepness = (1 + (slope * slope).sum()).squareRoot() * (1 + height * height).squareRoot()
    let facing = max((height - (slope * side).sum()) / steepness, 0)
    let flat = height / (1 + height * height).squareRoot()
    let strength = ambient + (1 - ambient) * facing / flat
    return color * tint * (strength * (1 + falloff * (place * side).sum()))
  }
}
