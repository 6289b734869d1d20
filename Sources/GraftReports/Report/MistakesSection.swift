extension ReportSection {
  /// How many mistakes are shown.
  private static let shown = 18

  static func mistakes(_ figures: ClassificationFigures, _ thumbnails: Thumbnails) -> ReportSection? {
    guard !figures.mistakes.isEmpty else {
      return ReportSection("mistakes", "Mistakes") {
        element("p", [:], "None: every validation image was classified rightly.")
      }
    }
    let pictures = figures.mistakes.prefix(shown).map { ($0, thumbnails.address($0.path)) }
    return ReportSection("mistakes", "The most confident mistakes") {
      note(
        "\(NumberText.counted(figures.mistakes.count, "image was", "images were")) taken for something else"
          + (figures.mistakes.count > shown ? "; here are the \(shown) of which the model was surest" : "")
          + ". Photographs in which the model is right and the label wrong are found here first."
          + (pictures.allSatisfy { $0.1 == nil }
            ? " The photographs are no longer where they were; say with --photographs where they are." : ""))
      element("div", ["class": "mistakes"]) {
        for (mistake, address) in pictures { picture(mistake, address) }
      }
    }
  }

  private static func picture(_ mistake: ClassificationFigures.Mistake, _ address: String?) -> Markup {
    element("figure") {
      element("div", ["class": "picture"]) {
        if let address { element("img", ["src": address, "alt": mistake.path]) } else { "no picture" }
      }
      element("figcaption") {
        element("b", [:], mistake.predicted)
        " \(NumberText.percent(Double(mistake.probability)))"
        element("br")
        "is "
        element("b", [:], mistake.label)
        " \(NumberText.percent(Double(mistake.ofLabel)))"
        element("div", ["class": "path"], mistake.path)
      }
    }
  }
}
