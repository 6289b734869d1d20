import ArgumentParser

/// Which classes are drawn. A class belongs to one set only: what is learned from one is to be carried to the other.
enum PictureSet: String, CaseIterable, ExpressibleByArgument {
  case pretrain, demo

  var classes: [DrawnClass] {
    switch self {
    case .pretrain: Self.shapes + Self.strokes + Self.textures + Self.fractals
    case .demo: Self.unseen
    }
  }
}
