import GraftTensors

/// Where a figure lies in a picture, how large, how turned, and how far it leans away from the eye.
struct Placement: Sendable {
  private let center: Point
  private let angle: (sine: Float, cosine: Float)
  private let scale: Point
  private let shear: Float

  /// - Parameters:
  ///   - radius: of the circle around the figure, as a share of half the picture's side.
  ///   - center: of that circle; the picture goes from −1 to 1.
  ///   - turn: the most that the figure is turned either way, in radians. Like what is photographed, most figures stand
  ///     nearly upright.
  init(radius: Float, center: Point, turn: Float = 0.6, _ generator: inout SeededGenerator) {
    self.center = center
    let angle = generator.between(-turn, turn)
    self.angle = (Trigonometry.sine(angle), Trigonometry.cosine(angle))
    let lean = generator.between(0.75, 1)
    scale = (generator.chance(0.5) ? Point(lean, 1) : Point(1, lean)) * radius
    shear = generator.between(-0.2, 0.2)
  }

  /// A place in the picture, as the figure's own plane has it.
  func own(of place: Point) -> Point {
    let way = place - center
    let turned = Point(angle.cosine * way.x + angle.sine * way.y, angle.cosine * way.y - angle.sine * way.x)
    let sheared = Point(turned.x + shear * turned.y, turned.y)
    return sheared / scale
  }
}
