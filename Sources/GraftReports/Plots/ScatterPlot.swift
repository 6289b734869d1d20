/// Points in a plane, with a straight line to hold them against.
struct ScatterPlot {
  enum Reference {
    /// Where both numbers are equal.
    case diagonal
    /// Where the upright number is zero.
    case zero
  }

  let title: String
  let x, y: PlotAxis
  let points: [(x: Double, y: Double, name: String)]
  let reference: Reference

  var markup: Markup {
    var xs = points.map(\.x)
    var ys = points.map(\.y)
    switch reference {
    case .diagonal:
      (xs, ys) = (xs + ys, xs + ys)
    case .zero:
      ys.append(0)
    }
    let frame = PlotFrame(
      x: FittedAxis(x, data: xs, ticks: 6), y: FittedAxis(y, data: ys, ticks: 5), height: 300)
    let (low, high) = (frame.x.bounds.lowerBound, frame.x.bounds.upperBound)
    let ends =
      switch reference {
      case .diagonal: (frame.point(low, low), frame.point(high, high))
      case .zero: (frame.point(low, 0), frame.point(high, 0))
      }
    return frame.picture(title) {
      if let (from, to) = ends as? ((x: Double, y: Double), (x: Double, y: Double)) {
        line(from.x, from.y, to.x, to.y, "reference")
      }
      element("g", ["class": "c1"]) {
        for point in points {
          if let place = frame.point(point.x, point.y) {
            dot(
              place.x, place.y, points.count > 400 ? 1.6 : 2.8, "dot cloud",
              "\(point.name): \(NumberText.short(point.x)), \(NumberText.short(point.y))")
          }
        }
      }
    }
  }
}
