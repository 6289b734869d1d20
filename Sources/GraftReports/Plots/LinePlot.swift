/// Curves over a common axis: losses over epochs, the loss over the learning rate.
public struct LinePlot: Sendable {
  public struct Series: Hashable, Sendable {
    public enum Style: Hashable, Sendable {
      /// A line with a dot at each number, which tells it where the pointer rests.
      case marked
      case plain
      case dashed
    }

    public var name: String
    /// A number that is not finite interrupts the line.
    public var points: [(x: Double, y: Double)]
    public var style: Style

    public init(_ name: String, points: [(x: Double, y: Double)], style: Style = .plain) {
      self.name = name
      self.points = points
      self.style = style
    }

    public static func == (one: Self, other: Self) -> Bool {
      one.name == other.name && one.style == other.style && one.points.elementsEqual(other.points, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      for point in points { hasher.combine(point.x) }
    }
  }

  /// A place on the lower axis that has a meaning: where a stage begins, which epoch was saved.
  public struct Mark: Hashable, Sendable {
    public var x: Double
    public var label: String

    public init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  public var title: String
  public var xAxis, yAxis: PlotAxis
  /// Eight at most have colours of their own.
  public var series: [Series]
  public var marks: [Mark]

  public init(_ title: String, xAxis: PlotAxis, yAxis: PlotAxis, series: [Series], marks: [Mark] = []) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.series = series
    self.marks = marks
  }

  /// The plot as an SVG file of its own, for light and dark surroundings. The same plot gives the same text.
  public var svg: String { markup(isFile: true).source }

  var markup: Markup { markup(isFile: false) }

  private func markup(isFile: Bool) -> Markup {
    let points = series.flatMap(\.points)
    let legend = PlotLegend(series.enumerated().map { ($0, $1.name, $1.style == .dashed) })
    let frame = PlotFrame(
      x: FittedAxis(xAxis, data: points.map(\.x), ticks: 8), y: FittedAxis(yAxis, data: points.map(\.y), ticks: 5),
      top: legend.height + (marks.isEmpty ? 8 : 22))
    return frame.picture(title, isFile: isFile) {
      legend.markup(left: frame.left)
      for mark in marks { self.mark(mark, frame) }
      for (index, one) in series.enumerated() { curve(one, "c\(index % 8 + 1)", frame) }
    }
  }

  private func mark(_ mark: Mark, _ frame: PlotFrame) -> Markup {
    guard let place = frame.across(mark.x) else { return .empty }
    // A label at the border is turned inwards.
    let share = (place - frame.left) / frame.innerWidth
    let anchor = share > 0.85 ? "end" : share < 0.15 ? "start" : "middle"
    return element("g") {
      line(place, frame.top - 3, place, frame.top + frame.innerHeight, "mark")
      text(place, frame.top - 7, mark.label, "marked \(anchor)")
    }
  }

  private func curve(_ one: Series, _ colour: String, _ frame: PlotFrame) -> Markup {
    let places = one.points.map { frame.point($0.x, $0.y) }
    var path = ""
    var isDrawing = false
    for place in places {
      if let place { path += "\(isDrawing ? "L" : "M")\(coordinate(place.x)) \(coordinate(place.y))" }
      isDrawing = place != nil
    }
    return element("g", ["class": colour]) {
      if !path.isEmpty { element("path", ["class": one.style == .dashed ? "curve dashed" : "curve", "d": path]) }
      if one.style != .plain {
        for (place, point) in zip(places, one.points) {
          if let place {
            dot(
              place.x, place.y, places.count > 60 ? 1.5 : 2.6, "dot",
              "\(one.name), \(xAxis.label) \(NumberText.short(point.x)): \(NumberText.short(point.y))")
          }
        }
      }
    }
  }
}
