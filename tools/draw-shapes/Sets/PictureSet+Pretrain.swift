extension PictureSet {
  static let shapes = [
    DrawnClass(outline: "triangle") { _ in .regular(3) },
    DrawnClass(outline: "square") { _ in .rectangle(1, 1) },
    DrawnClass(outline: "bar") { .rectangle(1, $0.between(0.15, 0.35)) },
    DrawnClass(outline: "pentagon") { _ in .regular(5) },
    DrawnClass(outline: "disc") { _ in .regular(48) },
    DrawnClass(outline: "ellipse") { generator in
      let height = generator.between(0.35, 0.55)
      return [Point].regular(48).map { $0 * [1, height] }
    },
    DrawnClass(outline: "half-disc") { _ in .arc(from: 0, to: .pi) },
    DrawnClass(outline: "pie") { .pie(open: $0.between(0.9, 1.8)) },
    DrawnClass(outline: "crescent") { .crescent(bite: $0.between(0.35, 0.55)) },
    DrawnClass(outline: "drop") { .drop(tip: $0.between(1.4, 1.9)) },
    DrawnClass(outline: "four-point-star") { .star(4, inner: $0.between(0.25, 0.4)) },
    DrawnClass(outline: "five-point-star") { .star(5, inner: $0.between(0.35, 0.5)) },
    DrawnClass(outline: "flower") { generator in
      let (petals, depth) = (Float(generator.whole(5...7)), generator.between(0.2, 0.35))
      return .curve { 1 - depth + depth * Trigonometry.cosine(petals * $0) }
    },
    DrawnClass(outline: "cross") { .cross(arm: $0.between(0.25, 0.4)) },
    DrawnClass(outline: "ell") { .ell(arm: $0.between(0.45, 0.75)) },
    DrawnClass(outline: "tee") { .tee(arm: $0.between(0.4, 0.7)) },
    DrawnClass(outline: "chevron") { .chevron(thickness: $0.between(0.35, 0.6)) },
    DrawnClass(outline: "bolt") { .bolt(lean: $0.between(0.2, 0.5)) },
    DrawnClass(outline: "trapezoid") { .trapezoid(top: $0.between(0.35, 0.6)) },
  ]

  static let strokes = [
    DrawnClass(strokes: "zigzag-line", [[Point]].zigzag), DrawnClass(strokes: "wavy-line", [[Point]].wave),
    DrawnClass(strokes: "scribble", [[Point]].scribble), DrawnClass(strokes: "tree", [[Point]].tree),
    DrawnClass(strokes: "burst", [[Point]].burst), DrawnClass(strokes: "fence", [[Point]].fence),
  ]

  static let textures = [
    DrawnClass("stripes", Texture.stripes), DrawnClass("checks", Texture.checks), DrawnClass("grid", Texture.grid),
    DrawnClass("waves", Texture.waves), DrawnClass("zigzags", Texture.zigzags), DrawnClass("rings", Texture.rings),
    DrawnClass("rays", Texture.rays), DrawnClass("clouds", Texture.clouds),
    DrawnClass("blotches", Texture.blotches), DrawnClass("marble", Texture.marble),
    DrawnClass("wood", Texture.wood), DrawnClass("cells", Texture.cells), DrawnClass("dots", Texture.dots),
    DrawnClass("circles", Texture.circles), DrawnClass("crumbs", Texture.crumbs),
    DrawnClass("dashes", Texture.dashes), DrawnClass("needles", Texture.needles),
    DrawnClass("plusses", Texture.plusses),
  ]

  static let fractals =
    [
      DrawnClass(fractal: "sierpinski", IteratedFunctions.sierpinski),
      DrawnClass(fractal: "carpet", IteratedFunctions.carpet), DrawnClass(fractal: "dragon", IteratedFunctions.dragon),
      DrawnClass(fractal: "fern", IteratedFunctions.fern),
      DrawnClass(fractal: "snowflake", IteratedFunctions.snowflake),
    ] + IteratedFunctions.found(45).enumerated().map { DrawnClass(fractal: "fractal-\($0 + 1)", $1) }

  /// Shapes, letters and textures that nobody has named: what a network learns from them is not what they are.
  static let contours = (1...40).map { number in
    let contour = Contour(seed: UInt64(number))
    return DrawnClass(outline: "contour-\(number)") { contour.corners(&$0) }
  }

  static let glyphs = (1...30).map { number in
    let glyph = Glyph(seed: UInt64(number))
    return DrawnClass(strokes: "glyph-\(number)") { glyph.lines(&$0) }
  }

  static let weaves = (1...40).map { number in
    let weave = Weave(seed: UInt64(number))
    return DrawnClass("weave-\(number)") { weave.texture(&$0) }
  }

  static let creatures = (1...120).map { number in
    let creature = Creature(seed: UInt64(number))
    return DrawnClass("creature-\(number)") { creature.figure(&$0) }
  }

  static let hides = (1...80).map { number in
    let hide = Hide(seed: UInt64(number))
    return DrawnClass("hide-\(number)") { hide.texture(&$0) }
  }
}
