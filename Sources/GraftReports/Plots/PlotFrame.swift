/// The rectangle of a plot with its axes, and where numbers lie in it.
struct PlotFrame {
  static let width = 440.0

  let x, y: FittedAxis
  let height: Double
  let left: Double
  let top: Double
  private let bottom = 40.0
  private let right = 14.0

  /// - Parameter top: room above, for a legend.
  init(x: FittedAxis, y: FittedAxis, height: Double = 270, top: Double = 12) {
    self.x = x
    self.y = y
    self.height = height
    self.top = top
    // As wide as the longest number beside the axis.
    left = 30 + 7 * Double(y.ticks.map { y.label($0).count }.max() ?? 1)
  }

  var innerWidth: Double { Self.width - left - right }
  var innerHeight: Double { height - top - bottom }

  /// nil where the numbers have no place.
  func point(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard let across = self.x.position(x), let up = self.y.position(y), abs(across) < 1e4, abs(up) < 1e4 else {
      return nil
    }
    return (left + across * innerWidth, top + (1 - up) * innerHeight)
  }

  func across(_ x: Double) -> Double? { self.x.position(x).map { left + $0 * innerWidth } }

  var axes: Markup {
    let base = top + innerHeight
    return element("g", ["class": "axes"]) {
      for tick in y.ticks {
        if let up = y.position(tick) {
          let height = top + (1 - up) * innerHeight
          line(left, height, left + innerWidth, height, "grid")
          text(left - 6, height + 4, y.label(tick), "tick end")
        }
      }
      for tick in x.ticks {
        if let place = across(tick) {
          line(place, base, place, base + 4, "axis")
          text(place, base + 17, x.label(tick), "tick middle")
        }
      }
      line(left, base, left + innerWidth, base, "axis")
      text(left + innerWidth / 2, height - 4, x.axis.label, "name middle")
      element(
        "text",
        [
          "class": "name middle",
          "transform": "translate(12 \(coordinate(top + innerHeight / 2))) rotate(-90)",
        ], y.axis.label)
    }
  }

  /// The whole picture.
  ///
  /// - Parameter title: what someone hears who cannot see it.
  func picture(_ title: String, isFile: Bool = false, @MarkupBuilder _ content: () -> Markup) -> Markup {
    Self.picture(title, width: Self.width, height: height, isFile: isFile) {
      axes
      content()
    }
  }

  static func picture(
    _ title: String, width: Double, height: Double, isFile: Bool = false, @MarkupBuilder _ content: () -> Markup
  ) -> Markup {
    element(
      "svg",
      [
        "class": "plot", "role": "img", "aria-label": title,
        "viewBox": "0 0 \(coordinate(width)) \(coordinate(height))",
        // In a page it is as wide as there is room, but no wider than can be read; a file has its own size.
        "style": isFile ? nil : "max-width: \(coordinate(max(width * 1.3, 300)))px",
        "width": isFile ? coordinate(width) : nil, "height": isFile ? coordinate(height) : nil,
        "xmlns": isFile ? "http://www.w3.org/2000/svg" : nil,
      ]
    ) {
      if isFile {
        element("style") {
          Markup.own(PlotStyle.colours)
          Markup.own(PlotStyle.inPage)
        }
      }
      content()
    }
  }
}

func coordinate(_ value: Double) -> String {
  let text = NumberText.fixed(value, 1).replacing("−", with: "-")
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

func line(_ x: Double, _ y: Double, _ otherX: Double, _ otherY: Double, _ style: String) -> Markup {
  element(
    "line",
    [
      "class": style, "x1": coordinate(x), "y1": coordinate(y), "x2": coordinate(otherX), "y2": coordinate(otherY),
    ])
}

func text(_ x: Double, _ y: Double, _ content: String, _ style: String) -> Markup {
  element("text", ["class": style, "x": coordinate(x), "y": coordinate(y)], content)
}

func dot(_ x: Double, _ y: Double, _ radius: Double, _ style: String, _ title: String) -> Markup {
  element("circle", ["class": style, "cx": coordinate(x), "cy": coordinate(y), "r": coordinate(radius)]) {
    element("title", [:], title)
  }
}
