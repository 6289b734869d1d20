/// A part of a report; one that has nothing to say is left out.
struct ReportSection {
  let id: String
  let title: String
  let content: Markup

  init(_ id: String, _ title: String, @MarkupBuilder _ content: () -> Markup) {
    self.id = id
    self.title = title
    self.content = content()
  }

  private init(id: String, title: String, content: Markup) {
    self.id = id
    self.title = title
    self.content = content
  }

  /// The same, told apart from that of another head.
  func ofHead(_ number: Int) -> ReportSection {
    ReportSection(id: "\(id)-\(number)", title: "\(title), head \(number)", content: content)
  }

  var markup: Markup {
    element("section", ["id": id]) {
      element("h2", [:], title)
      content
    }
  }
}

/// A table of names and what they are; entries without a value are left out.
func facts(_ entries: [(name: String, value: String?)]) -> Markup {
  let known = entries.filter { $0.value != nil }
  return known.isEmpty
    ? .empty
    : element("dl", ["class": "facts"]) {
      for (name, value) in known {
        element("div") {
          element("dt", [:], name)
          element("dd", [:], value ?? "")
        }
      }
    }
}

/// A table that can be sorted where the page's own program runs.
///
/// - Parameter numbers: the columns that hold numbers, and so stand to the right.
func table(
  _ columns: [String], numbers: Set<Int> = [], rows: [[Markup]], isLong: Bool = false
) -> Markup {
  element("div", ["class": isLong ? "scroll long" : "scroll"]) {
    element("table", ["class": "sortable"]) {
      element("thead") {
        element("tr") {
          for (index, column) in columns.enumerated() {
            element("th", ["class": numbers.contains(index) ? "number" : nil, "scope": "col"], column)
          }
        }
      }
      element("tbody") {
        for row in rows {
          element("tr") {
            for (index, cell) in row.enumerated() {
              element("td", ["class": numbers.contains(index) ? "number" : nil]) { cell }
            }
          }
        }
      }
    }
  }
}

func figure(_ caption: String, _ picture: Markup) -> Markup {
  element("figure") {
    picture
    element("figcaption", [:], caption)
  }
}

func note(_ text: String) -> Markup { element("p", ["class": "note"], text) }
