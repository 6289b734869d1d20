/// A photograph with what the model says of it.
struct GalleryPicture {
  let path: String
  /// What the model says, and how surely, or how much.
  let first, second: String
  /// What is true.
  let below: String
}

extension ReportSection {
  /// How many pictures are shown.
  private static let most = 18

  /// - Parameters:
  ///   - pictures: all that there are, the worst first.
  ///   - summary: how many there are, as a clause.
  /// - Returns: nil where there are none.
  static func gallery(
    _ id: String, _ title: String, _ thumbnails: Thumbnails, of pictures: [GalleryPicture], advice: String = "",
    summary: (Int) -> String
  ) -> ReportSection? {
    if pictures.isEmpty { return nil }
    let shown = pictures.prefix(most).map { ($0, thumbnails.address($0.path)) }
    return ReportSection(id, title) {
      note(
        summary(pictures.count) + (pictures.count > most ? "; here are the \(most) worst." : ".") + advice
          + (shown.allSatisfy { $0.1 == nil }
            ? " The photographs are not where the run had them; --photographs says where they are now." : ""))
      element("div", ["class": "mistakes"]) {
        for (picture, address) in shown { markup(picture, address) }
      }
    }
  }

  private static func markup(_ picture: GalleryPicture, _ address: String?) -> Markup {
    element("figure") {
      element("div", ["class": "picture"]) {
        if let address { element("img", ["src": address, "alt": picture.path]) } else { "no picture" }
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
}
