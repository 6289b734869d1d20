import GraftLearning

/// How often the model is right where it says that it is right with a probability of so much.
struct ReliabilityPlot {
  let bins: [CalibrationReport.Bin]

  var markup: Markup {
    let share = PlotAxis("", bounds: 0...1)
    var (x, y) = (share, share)
    x.label = "what the model says"
    y.label = "how often it is right"
    let frame = PlotFrame(x: FittedAxis(x, data: [], ticks: 5), y: FittedAxis(y, data: [], ticks: 5), height: 300)
    let most = bins.map(\.weight).max() ?? 1
    return frame.picture("Reliability: accuracy by confidence") {
      line(frame.left, frame.top + frame.innerHeight, frame.left + frame.innerWidth, frame.top, "reference")
      for bin in bins {
        if let accuracy = bin.accuracy, let confidence = bin.confidence {
          bar(bin, accuracy, frame, weight: 0.25 + 0.6 * (bin.weight / most).squareRoot())
          if let place = frame.point(confidence, accuracy) {
            element("g", ["class": "c2"]) {
              dot(
                place.x, place.y, 3, "dot",
                "says \(NumberText.percent(confidence)), is right in \(NumberText.percent(accuracy)) of "
                  + NumberText.counted(Int(bin.weight), "image", "images"))
            }
          }
        }
      }
    }
  }

  /// Fuller where more images are behind it.
  private func bar(_ bin: CalibrationReport.Bin, _ accuracy: Double, _ frame: PlotFrame, weight: Double) -> Markup {
    let left = frame.left + bin.lower * frame.innerWidth
    let height = accuracy * frame.innerHeight
    return element(
      "rect",
      [
        "class": "bar", "x": coordinate(left + 1), "width": coordinate((bin.upper - bin.lower) * frame.innerWidth - 2),
        "y": coordinate(frame.top + frame.innerHeight - height), "height": coordinate(height),
        "fill-opacity": NumberText.fixed(weight, 2),
      ])
  }
}
