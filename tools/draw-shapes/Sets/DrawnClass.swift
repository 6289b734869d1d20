import GraftTensors

/// A class of pictures: its name, and how to make another figure of it.
struct DrawnClass: Sendable {
  let name: String
  let figure: @Sendable (inout SeededGenerator) -> any Figure

  init(_ name: String, _ figure: @escaping @Sendable (inout SeededGenerator) -> any Figure) {
    self.name = name
    self.figure = figure
  }

  /// A class of outlines.
  init(outline name: String, _ corners: @escaping @Sendable (inout SeededGenerator) -> [Point]) {
    self.init(name) { Outline(corners(&$0), &$0) }
  }

  /// A class of pen strokes.
  init(strokes name: String, _ lines: @escaping @Sendable (inout SeededGenerator) -> [[Point]]) {
    self.init(name) { Stroke(lines(&$0), &$0) }
  }

  /// A class of fractals.
  init(fractal name: String, _ maps: [IteratedFunctions.Map]) {
    self.init(name) { IteratedFunctions(maps, &$0) }
  }
}
