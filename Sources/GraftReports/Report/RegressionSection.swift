import GraftLearning

extension ReportSection {
  static func values(_ figures: RegressionFigures) -> ReportSection {
    ReportSection("values", "Predicted and true values") {
      table(
        ["Value", "Mean absolute error", "Root mean square error", "R²", "Mean error"], numbers: [1, 2, 3, 4],
        rows: figures.values.map { one in
          [
            .text(one.name), .text(NumberText.short(one.errors.meanAbsolute)),
            .text(NumberText.short(one.errors.rootMeanSquare)), .text(NumberText.fixed(one.errors.explained, 3)),
            .text(NumberText.short(one.bias)),
          ]
        })
      element("div", ["class": "plots"]) {
        for one in figures.values {
          figure(
            "\(one.name): on the dashed line, the prediction is right.",
            ScatterPlot(
              title: "\(one.name): predicted against true", x: PlotAxis("true"), y: PlotAxis("predicted"),
              points: one.points.map { ($0.actual, $0.predicted, $0.path) }, reference: .diagonal
            ).markup)
          figure(
            "\(one.name): what is left, predicted minus true. A slope or a bend is something that the model has missed.",
            ScatterPlot(
              title: "\(one.name): residuals", x: PlotAxis("predicted"), y: PlotAxis("predicted − true"),
              points: one.points.map { ($0.predicted, $0.predicted - $0.actual, $0.path) }, reference: .zero
            ).markup)
        }
      }
    }
  }

  static func worst(_ figures: RegressionFigures, _ thumbnails: Thumbnails) -> ReportSection? {
    // In units of each value's own error, so that several can be compared.
    let all = figures.values.flatMap { one in
      let unit = one.errors.rootMeanSquare ?? 0
      return one.points.map { point in
        (
          share: unit > 0 ? abs(point.predicted - point.actual) / unit : 0,
          picture: GalleryPicture(
            path: point.path, first: figures.values.count > 1 ? one.name : "predicted",
            second: NumberText.short(point.predicted), below: "is \(NumberText.short(point.actual))")
        )
      }
    }
    let sorted = all.enumerated().filter { $0.element.share > 0 }.sorted {
      $0.element.share == $1.element.share ? $0.offset < $1.offset : $0.element.share > $1.element.share
    }
    return gallery("errors", "The greatest errors", thumbnails, of: sorted.map(\.element.picture)) { total in
      NumberText.counted(total, "prediction is", "predictions are") + " off"
    }
  }
}
