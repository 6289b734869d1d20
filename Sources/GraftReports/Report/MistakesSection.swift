extension ReportSection {
  static func mistakes(_ figures: ClassificationFigures, _ thumbnails: Thumbnails) -> ReportSection {
    let pictures = figures.mistakes.map { mistake in
      GalleryPicture(
        path: mistake.path, first: mistake.predicted, second: NumberText.percent(Double(mistake.probability)),
        below: "is \(mistake.label) (\(NumberText.percent(Double(mistake.ofLabel))))")
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
