import GraftTraining

extension ReportSection {
  /// - Parameter maps: where the model sees what it takes images for, by their paths.
  static func mistakes(
    _ figures: ClassificationFigures, _ thumbnails: Thumbnails, _ maps: [String: ActivationMap]
  ) -> ReportSection {
    let pictures = figures.mistakes.map { mistake in
      GalleryPicture(
        path: mistake.path, first: figures.classes[mistake.predicted],
        second: NumberText.percent(Double(mistake.probability)),
        below: "is \(figures.classes[mistake.label]) (\(NumberText.percent(Double(mistake.ofLabel))))",
        map: maps[mistake.path])
    }
    let section = gallery(
      "mistakes", "The most confident mistakes", thumbnails, of: pictures,
      advice: " Photographs whose label is wrong, and not the model, are found here first."
    ) { "\(NumberText.counted($0, "image was", "images were")) taken for something else" }
    return section
      ?? ReportSection("mistakes", "Mistakes") {
        element("p", [:], "None: every validation image is classified rightly.")
      }
  }
}
