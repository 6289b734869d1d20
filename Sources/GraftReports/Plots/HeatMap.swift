/// A confusion matrix as coloured squares: with names and numbers where there is room, else only to be pointed at.
struct HeatMap {
  /// Row: what the images are; column: what they were taken for.
  let counts: [[Int]]
  let names: [String]

  /// The most classes that have their names and numbers beside the squares.
  static let mostNamed = 24

  var markup: Markup {
    let isNamed = names.count <= Self.mostNamed
    let shown = names.map { $0.count > 18 ? $0.prefix(17) + "…" : $0 }
    let room = isNamed ? 14 + 7.0 * Double(shown.map(\.count).max() ?? 0) : 22
    let side = isNamed ? max(24, min(48, 420 / Double(names.count))) : max(3, 620 / Double(names.count))
    // Two short names need not be turned upright to stand beside each other.
    let isUpright = Double(shown.map(\.count).max() ?? 0) * 7 > side
    let top = isNamed && isUpright ? room + 18 : 44
    let size = side * Double(names.count)
    return PlotFrame.picture("Confusion matrix", width: room + 26 + size, height: top + size + 6) {
      text(room + 26 + size / 2, 13, "taken for", "name middle")
      element(
        "text",
        ["class": "name middle", "transform": "translate(12 \(coordinate(top + size / 2))) rotate(-90)"], "is")
      for row in names.indices {
        if isNamed { labels(row, shown[row], room + 20, top, side, isUpright) }
        let sum = counts[row].reduce(0, +)
        for column in names.indices where counts[row][column] > 0 || isNamed {
          cell(row, column, of: sum, x: room + 26 + Double(column) * side, y: top + Double(row) * side, side, isNamed)
        }
      }
      element(
        "rect",
        [
          "class": "frame", "x": coordinate(room + 26), "y": coordinate(top), "width": coordinate(size),
          "height": coordinate(size),
        ])
    }
  }

  private func labels(
    _ index: Int, _ name: String, _ right: Double, _ top: Double, _ side: Double, _ isUpright: Bool
  ) -> Markup {
    let middle = (Double(index) + 0.5) * side
    return .group([
      text(right, top + middle + 4, name, "tick end"),
      isUpright
        ? element(
          "text",
          [
            "class": "tick",
            "transform": "translate(\(coordinate(right + 6 + middle + 4)) \(coordinate(top - 6))) rotate(-90)",
          ], name)
        : text(right + 6 + middle, top - 6, name, "tick middle"),
    ])
  }

  /// Coloured by the share of the row, so that small classes are seen too.
  private func cell(
    _ row: Int, _ column: Int, of sum: Int, x: Double, y: Double, _ side: Double, _ isNamed: Bool
  ) -> Markup {
    let count = counts[row][column]
    let share = sum > 0 ? Double(count) / Double(sum) : 0
    let gap = isNamed ? 1.0 : 0
    return element("g") {
      element(
        "rect",
        [
          "class": row == column ? "right" : "wrong", "x": coordinate(x + gap / 2), "y": coordinate(y + gap / 2),
          "width": coordinate(side - gap), "height": coordinate(side - gap),
          "fill-opacity": NumberText.fixed(count == 0 ? 0.03 : 0.12 + 0.88 * share, 3),
        ]
      ) {
        element(
          "title", [:],
          "\(names[row]), taken for \(names[column]): \(count) of \(sum) (\(NumberText.percent(share)))")
      }
      if isNamed, count > 0 {
        text(x + side / 2, y + side / 2 + 4, "\(count)", share > 0.5 ? "count full" : "count")
      }
    }
  }
}
