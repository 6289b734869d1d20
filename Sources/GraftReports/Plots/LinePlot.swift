/// Curves over a common axis: losses over epochs, the loss over the learning rate.
public struct LinePlot: Sendable {
  public struct Series: Sendable {
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
    /// 0 to 7; nil for its place among the series.
    public var colour: Int?

    public init(_ name: String, points: [(x: Double, y: Double)], style: Style = .plain, colour: Int? = nil) {
      self.name = name
      self.points = points
      self.style = style
      self.colour = colour
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
  /// Eight at most can be told apart.
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
    let legend = PlotLegend(series.enumerated().map { ($1.colour ?? $0, $1.name, $1.style == .dashed) })
    let x = FittedAxis(xAxis, data: points.map(\.x), ticks: 8)
    let labels = MarkLabels(marks, on: x)
    let frame = PlotFrame(
      x: x, y: FittedAxis(yAxis, data: points.map(\.y), ticks: 5), top: legend.height + labels.height + 8)
    return frame.picture(title, isFile: isFile) {
      legend.markup(left: frame.left)
      labels.markup(in: frame)
      for (index, one) in series.enumerated() { curve(one, "c\((one.colour ?? index) % 8 + 1)", frame) }
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
