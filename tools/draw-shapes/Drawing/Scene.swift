import GraftImages
import GraftTensors

/// A picture nearer to a photograph than a figure by itself: among others on a ground, behind and in front, each with a
/// pattern, lit from one side, seen through a camera.
struct Scene {
  private let size: Int
  private let light: Light
  private let camera: Camera
  /// 0…1: how much there is to distract from the figure. With little of it in some pictures there is something easy to
  /// begin with.
  private let clutter: Float
  /// From the farthest to the nearest.
  private(set) var things: [Thing] = []
  private var generator: SeededGenerator

  /// - Parameter figure: what the class is about; a texture covers the ground, or a thing of another form.
  init(of figure: any Figure, size: Int, _ generator: inout SeededGenerator) {
    self.size = size
    clutter = generator.nextUniform()
    light = Light(&generator)
    camera = Camera(badness: clutter, &generator)
    self.generator = generator
    arrange(figure)
    generator = self.generator
  }

  private mutating func arrange(_ figure: any Figure) {
    let ground = generator.between(0.2, 0.8)
    // A thing can be told from its ground: it is brighter or darker.
    var own = ground
    while abs(own - ground) < 0.3 - 0.15 * clutter { own = generator.between(0.1, 0.9) }

    let isGround = figure.isEndless && generator.chance(0.6)
    things.append(isGround ? wholeGround(figure, brightness: ground) : plainGround(brightness: ground))
    if clutter > 0.35 {
      for _ in 0..<generator.whole(0...2) { things.append(bystander(at: generator.point(within: 1))) }
    }
    if !isGround { things.append(main(figure, brightness: own)) }
    // Something in front, whose middle lies near an edge of the picture.
    if clutter > 0.5, generator.chance(0.6) {
      things.append(bystander(at: .polar(generator.turn(), generator.between(0.95, 1.2))))
    }
  }

  /// The pixels.
  mutating func drawn() -> RGBImage {
    var picture = [Color](repeating: .zero, count: size * size)
    for thing in things { thing.draw(onto: &picture, size: size, light: light) }
    return camera.photograph(picture, size: size, &generator)
  }

  /// A ground of the figure, a texture, itself.
  private mutating func wholeGround(_ texture: any Figure, brightness: Float) -> Thing {
    ground(texture, radius: generator.between(0.6, 1.4), brightness: brightness, contrast: generator.between(0.12, 0.3))
  }

  private mutating func plainGround(brightness: Float) -> Thing {
    let contrast = generator.between(0.02, 0.05 + 0.25 * clutter)
    return ground(
      Backdrop.pattern(&generator), radius: generator.between(0.6, 1.6), brightness: brightness, contrast: contrast)
  }

  private mutating func ground(_ pattern: any Figure, radius: Float, brightness: Float, contrast: Float) -> Thing {
    let surface = Surface(
      pattern, scale: 1, brightness: brightness, contrast: contrast, staining: 0.2 + 0.5 * clutter, &generator)
    let placement = Placement(
      radius: radius, center: generator.point(within: 3), turn: 0.2 + 0.5 * clutter, &generator)
    return Thing(figure: Everywhere(), surface: surface, placement: placement)
  }

  private mutating func main(_ figure: any Figure, brightness: Float) -> Thing {
    if figure.isEndless {
      // A texture is the surface of a thing of any form.
      let placement = Placement(radius: generator.between(0.8, 1.4), center: generator.point(within: 0.2), &generator)
      let surface = Surface(
        figure, scale: 1, brightness: brightness, contrast: generator.between(0.12, 0.3),
        staining: 0.2 + 0.5 * clutter, &generator)
      return Thing(figure: Backdrop.form(&generator), surface: surface, placement: placement)
    }
    let radius = generator.between(0.65, 1.25)
    let placement = Placement(
      radius: radius, center: generator.point(within: max(0.1, 1.1 - radius)), turn: 0.2 + 0.5 * clutter, &generator)
    let contrast = generator.between(0.12, 0.25) * (0.5 + 0.5 * clutter)
    let surface = Surface(
      Backdrop.pattern(&generator), scale: generator.between(0.5, 1.5), brightness: brightness, contrast: contrast,
      staining: 0.2 + 0.5 * clutter, &generator)
    return Thing(figure: figure, surface: surface, placement: placement)
  }

  private mutating func bystander(at center: Point) -> Thing {
    let surface = Surface(
      Backdrop.pattern(&generator), scale: generator.between(0.5, 1.5), brightness: generator.between(0.15, 0.85),
      contrast: generator.between(0.04, 0.3), staining: 0.8, &generator)
    let placement = Placement(radius: generator.between(0.2, 0.6), center: center, turn: .pi, &generator)
    return Thing(figure: Backdrop.form(&generator), surface: surface, placement: placement)
  }
}

/// The figure of a ground: all of the plane.
private struct Everywhere: Figure {
  let isEndless = true
  func ink(at point: Point) -> Float { 1 }
}
