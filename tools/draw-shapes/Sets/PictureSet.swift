import ArgumentParser
import GraftImages
import GraftTensors

/// Which classes are drawn. A class belongs to one set only: what is learned from one is to be carried to the other.
enum PictureSet: String, CaseIterable, ExpressibleByArgument {
  case pretrain, demo

  var classes: [DrawnClass] {
    switch self {
    case .pretrain:
      Self.creatures + Self.contours + Self.shapes + Self.glyphs + Self.strokes + Self.fractals
        + Self.hides + Self.weaves + Self.textures
    case .demo: Self.unseen
    }
  }

  /// A picture of a figure: by itself in the demo; as part of a scene where a network is to learn what carries over to
  /// photographs.
  func image(of figure: any Figure, size: Int, _ generator: inout SeededGenerator) -> RGBImage {
    switch self {
    case .pretrain:
      var scene = Scene(of: figure, size: size, &generator)
      return scene.drawn()
    case .demo:
      var picture = Picture(of: figure, size: size, &generator)
      return picture.drawn()
    }
  }
}
