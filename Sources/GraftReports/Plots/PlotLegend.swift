/// Names beside the colours of a plot, in rows above it.
struct PlotLegend {
  private struct Entry {
    let name: String
    let colour: Int
    let isDashed: Bool
    let x: Double
    let row: Int
  }

  private let entries: [Entry]
  private static let rowHeight = 18.0

  init(_ names: [(colour: Int, name: String, isDashed: Bool)]) {
    var entries: [Entry] = []
    var (x, row) = (0.0, 0)
    for (colour, name, isDashed) in names where names.count > 1 {
      let shown = name.count > 40 ? name.prefix(39) + "…" : name
      // No text can be measured here; a letter of this size is about so wide.
      let width = 30 + 6.6 * Double(shown.count)
      if x > 0, x + width > PlotFrame.width - 60 { (x, row) = (0, row + 1) }
      entries.append(Entry(name: shown, colour: colour % 8 + 1, isDashed: isDashed, x: x, row: row))
      x += width
    }
    self.entries = entries
  }

  var height: Double { entries.last.map { Double($0.row + 1) * Self.rowHeight } ?? 0 }

  func markup(left: Double) -> Markup {
    .group(
      entries.map { entry in
        let (x, y) = (left + entry.x, 10 + Double(entry.row) * Self.rowHeight)
        return element("g", ["class": "c\(entry.colour)"]) {
          line(x, y, x + 16, y, entry.isDashed ? "curve dashed" : "curve")
          text(x + 21, y + 4, entry.name, "tick")
        }
      })
  }
}
