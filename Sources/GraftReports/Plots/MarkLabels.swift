/// The upright lines of a plot with their labels above, like flags on poles: in as many rows as it takes that none lies on another, and
/// no line crosses the label of another.
struct MarkLabels {
  private struct Flag {
    let mark: LinePlot.Mark
    /// Of the axis: 0 left, 1 right.
    let share: Double
    let width: Double
    /// Whether the label stands to the left of its line.
    var isTurned = false
    /// 0 next to the plot.
    var row = 0

    var span: ClosedRange<Double> { isTurned ? share - width...share : share...share + width }

    /// Whether the other's line, were it as high, would cross this label.
    func isCrossed(by other: Flag) -> Bool { other.share > span.lowerBound && other.share < span.upperBound }
  }

  private let flags: [Flag]
  private static let rowHeight = 14.0
  /// About how long the lower axis is: the numbers beside the other one take the rest.
  private static let axisWidth = PlotFrame.width - 86

  init(_ marks: [LinePlot.Mark], on axis: FittedAxis) {
    var flags = marks.sorted { $0.x < $1.x }.compactMap { mark in
      axis.position(mark.x).flatMap { share in
        (-0.001...1.001).contains(share)
          ? Flag(mark: mark, share: share, width: (12 + 6.6 * Double(mark.label.count)) / Self.axisWidth) : nil
      }
    }
    // Those that would not fit before the border are turned, and those that these would then face.
    for index in flags.indices.reversed() {
      let facesNext =
        index + 1 < flags.count && flags[index + 1].isTurned && flags[index].isCrossed(by: flags[index + 1])
      flags[index].isTurned =
        flags[index].span.upperBound > 1.03 || facesNext && flags[index].share >= flags[index].width
    }
    Self.raise(&flags)
    self.flags = flags
  }

  /// Gives each label a row above every line that would cross it, and above one that it would cover.
  private static func raise(_ flags: inout [Flag]) {
    // Each round settles one more flag; two that cross each other would never settle.
    for _ in flags.indices {
      for index in flags.indices {
        for other in flags.indices where other != index && flags[index].row <= flags[other].row {
          let covers =
            flags[index].row == flags[other].row && flags[index].span.overlaps(flags[other].span) && index < other
          if flags[index].isCrossed(by: flags[other]) || covers { flags[index].row = flags[other].row + 1 }
        }
      }
    }
  }

  var height: Double { flags.map { Double($0.row + 1) * Self.rowHeight }.max() ?? 0 }

  func markup(in frame: PlotFrame) -> Markup {
    func place(_ flag: Flag) -> (x: Double, y: Double) {
      (frame.left + flag.share * frame.innerWidth, frame.top - 6 - Double(flag.row) * Self.rowHeight)
    }
    // All lines before all labels, which have a border in the paper's colour.
    return element("g") {
      for flag in flags { line(place(flag).x, place(flag).y - 9, place(flag).x, frame.top + frame.innerHeight, "mark") }
      for flag in flags {
        text(
          place(flag).x + (flag.isTurned ? -4 : 4), place(flag).y, flag.mark.label,
          "marked \(flag.isTurned ? "end" : "start")")
      }
    }
  }
}
