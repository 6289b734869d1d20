import ArgumentParser
import GraftTensors

/// Which classes are drawn. A class belongs to one set only: what is learned from one is to be carried to the other.
enum PictureSet: String, CaseIterable, ExpressibleByArgument {
  case pretrain, demo

  var classes: [DrawnClass] {
    switch self {
    case .pretrain:
      Self.shapes + Self.contours + Self.strokes + Self.glyphs + Self.textures + Self.weaves + Self.fractals
    case .demo: Self.unseen
    }
  }

  /// What lies behind a figure: nothing in the demo; in half of the pictures to learn from some texture, as nothing in
  /// a photograph stands before a plain wall.
  func ground(_ generator: inout SeededGenerator) -> Texture? {
    guard self == .pretrain, generator.chance(0.5) else { return nil }
    let textures = [Texture.clouds, Texture.blotches, Texture.marble, Texture.wood, Texture.stripes, Texture.dashes]
    return textures[generator.whole(0...textures.count - 1)](&generator)
  }
}
