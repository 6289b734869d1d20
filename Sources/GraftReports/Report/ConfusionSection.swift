import GraftLearning

extension ReportSection {
  static func confusion(_ figures: ClassificationFigures) -> ReportSection {
    let pairs = figures.confusedPairs
    let isLarge = figures.classes.count > HeatMap.mostNamed
    return ReportSection("confusion", "Confusion matrix") {
      element("div", ["class": isLarge ? "matrix large" : "matrix"]) {
        figure(
          "Rows: what the images are. Columns: what the model takes them for. The deeper the colour, the greater the "
            + "share of the row; "
            + (isLarge ? "rest the pointer on a square for names and numbers." : "the numbers are images."),
          HeatMap(counts: figures.confusion, names: figures.classes).markup)
        if !pairs.isEmpty, figures.classes.count > 2 {
          element("div") {
            element("h3", [:], "Most confused")
            table(
              ["Is", "Taken for", "Images", "Of its class"], numbers: [2, 3],
              rows: pairs.prefix(12).map { pair in
                [
                  .text(pair.label), .text(pair.predicted), .text("\(pair.count)"),
                  .text(NumberText.percent(Double(pair.count) / Double(pair.of), pair.count * 10 < pair.of ? 1 : 0)),
                ]
              })
            if pairs.count > 12 { note("\(pairs.count - 12) more pairs were confused at least once.") }
          }
        }
      }
    }
  }

  static func classes(_ figures: ClassificationFigures) -> ReportSection {
    ReportSection("classes", "Class by class") {
      table(
        ["Class", "Images", "Precision", "Recall", "F1", "AUC"], numbers: [1, 2, 3, 4, 5],
        rows: figures.classes.indices.map { index in
          let one = figures.report.byClass[index]
          return [.text(figures.classes[index]), .text(NumberText.fixed(one.support, 0))]
            + [one.precision, one.recall, one.f1, figures.report.areaUnderROCByClass[index]]
            .map { .text(NumberText.fixed($0, 3)) }
        }, isLong: figures.classes.count > 30)
      note(
        "Precision: how many of the images that were taken for the class are of it. Recall: how many of its images were "
          + "found. AUC: how often an image of the class gets a higher probability for it than one of another class.")
    }
  }
}
