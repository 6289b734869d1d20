extension PictureSet {
  /// None of them, nor anything much like them, is in the other set.
  static let unseen = [
    DrawnClass(outline: "arrow") { .arrow(shaft: $0.between(0.16, 0.3), head: $0.between(0.6, 0.9)) },
    DrawnClass(outline: "gear") { .gear(teeth: $0.whole(8...12), depth: $0.between(0.2, 0.32)) },
    DrawnClass(outline: "heart") { .heart(depth: $0.between(0.9, 1.15)) },
    DrawnClass(outline: "house") { .house(roof: $0.between(0.6, 0.95)) },
    DrawnClass(strokes: "spiral", [[Point]].spiral),
  ]
}
