import GraftLearning

extension ReportSection {
  static func labels(_ figures: LabelFigures) -> ReportSection {
    ReportSection("labels", "Label by label") {
      table(
        ["Label", "Images", "Precision", "Recall", "F1", "AUC", "Average precision"], numbers: [1, 2, 3, 4, 5, 6],
        rows: figures.labels.indices.map { index in
          let (report, one) = (figures.report, figures.report.byLabel[index])
          return [.text(figures.labels[index]), .text(NumberText.fixed(one.support, 0))]
            + [
              one.precision, one.recall, one.f1, report.areaUnderROCByLabel[index],
              report.averagePrecisionByLabel[index],
            ].map { .text(NumberText.fixed($0, 3)) }
        }, isLong: figures.labels.count > 30)
      note(
        "A label is taken to hold from a probability of \(NumberText.percent(figures.report.threshold, 0)) on; AUC and "
          + "average precision do not depend on that.")
    }
  }

  static func worst(_ figures: LabelFigures, _ thumbnails: Thumbnails) -> ReportSection? {
    gallery(
      "mistakes", "The most confident mistakes", thumbnails,
      of: figures.mistakes.map { mistake in
        GalleryPicture(
          path: mistake.path, first: mistake.label, second: NumberText.percent(Double(mistake.probability)),
          below: mistake.holds ? "it holds" : "it does not hold")
      }
    ) { total in
      NumberText.counted(total, "label is", "labels are") + " wrong"
    }
  }
}
