/// The upright lines of a plot with their labels above, in as many rows as it takes that none lies on another.
struct MarkLabels {
  private struct Placed {
    let mark: LinePlot.Mark
    /// Of the axis: 0 left, 1 right.
    let share: Double
    let row: Int
  }

  private let placed: [Placed]
  private static let rowHeight = 14.0

  init(_ marks: [LinePlot.Mark], on axis: FittedAxis) {
    var placed: [Placed] = []
    // Where each row is taken up to.
    var ends: [Double] = []
    for mark in marks.sorted(by: { $0.x < $1.x }) {
      guard let share = axis.position(mark.x), (-0.001...1.001).contains(share) else { continue }
      let width = (8 + 6.6 * Double(mark.label.count)) / PlotFrame.width
      let left = share - width * Self.anchor(share).before
      let row = ends.firstIndex { $0 <= left } ?? ends.count
      if row == ends.count { ends.append(0) }
      ends[row] = left + width
      placed.append(Placed(mark: mark, share: share, row: row))
    }
    self.placed = placed
  }

  var height: Double { placed.map { Double($0.row + 1) * Self.rowHeight }.max() ?? 0 }

  func markup(in frame: PlotFrame) -> Markup {
    func place(_ one: Placed) -> (x: Double, y: Double) {
      (frame.left + one.share * frame.innerWidth, frame.top - 6 - Double(one.row) * Self.rowHeight)
    }
    // All lines before all labels: a label in a lower row may be crossed by the line of a higher one.
    return element("g") {
      for one in placed { line(place(one).x, place(one).y + 3, place(one).x, frame.top + frame.innerHeight, "mark") }
      for one in placed { text(place(one).x, place(one).y, one.mark.label, "marked \(Self.anchor(one.share).name)") }
    }
  }

  /// A label at the border is turned inwards; how much of it lies before its line.
  private static func anchor(_ share: Double) -> (name: String, before: Double) {
    share > 0.85 ? ("end", 1) : share < 0.15 ? ("start", 0) : ("middle", 0.5)
  }
}
