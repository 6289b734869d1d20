import GraftTraining

/// A photograph with what the model says of it.
struct GalleryPicture {
  let path: String
  /// What the model says, and how surely, or how much.
  let first, second: String
  /// What is true.
  let below: String
  /// What of it counts for the model.
  var map: ActivationMap?
}

extension ReportSection {
  /// - Parameters:
  ///   - pictures: all that there are, the worst first.
  ///   - summary: how many there are, as a clause.
  /// - Returns: nil where there are none.
  static func gallery(
    _ id: String, _ title: String, _ thumbnails: Thumbnails, of pictures: [GalleryPicture], advice: String = "",
    summary: (Int) -> String
  ) -> ReportSection? {
    if pictures.isEmpty { return nil }
    let shown = pictures.prefix(RunReport.mostPictures).map { ($0, thumbnails.picture($0.path, $0.map)) }
    return ReportSection(id, title) {
      note(
        summary(pictures.count)
          + (pictures.count > RunReport.mostPictures ? "; here are the \(RunReport.mostPictures) worst." : ".") + advice
          + (shown.allSatisfy { $0.1 == nil }
            ? " The photographs are not where the run had them; --photographs says where they are now." : ""))
      if shown.contains(where: { $0.1?.veiled != nil }) { attributionChoice }
      element("div", ["class": "mistakes"]) {
        for (picture, images) in shown { markup(picture, images) }
      }
    }
  }

  private static func markup(_ picture: GalleryPicture, _ images: Thumbnails.Picture?) -> Markup {
    element("figure") {
      element("div", ["class": "picture"]) {
        if let images {
          element("img", ["class": images.veiled == nil ? nil : "plain", "src": images.plain, "alt": picture.path])
          if let veiled = images.veiled {
            element("img", ["class": "veiled", "src": veiled, "alt": "\(picture.path), with what counted coloured"])
          }
        } else {
          "no picture"
        }
      }
      element("figcaption") {
        element("b", [:], picture.first)
        " \(picture.second)"
        element("br")
        picture.below
        element("div", ["class": "path"], picture.path)
      }
    }
  }

  /// A box to tick, which the stylesheet heeds without a program.
  private static var attributionChoice: Markup {
    element("label", ["class": "choice"]) {
      element("input", ["type": "checkbox"])
      " Show what spoke for what the model says (Grad-CAM): yellow a little, red most. What is dark around the edge it has not seen"
    }
  }
}
