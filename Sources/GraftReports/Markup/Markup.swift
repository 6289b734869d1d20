/// A piece of HTML or SVG. Text and attributes are escaped when they are written, so that nothing in a class's name, a path
/// or a file can become markup.
indirect enum Markup: Sendable {
  case text(String)
  case element(String, [(name: String, value: String)], Markup)
  case group([Markup])
  /// A stylesheet or a program of our own, which must not be escaped.
  case own(StaticString)

  static let empty = Markup.group([])

  var isEmpty: Bool {
    if case .group(let parts) = self { parts.allSatisfy(\.isEmpty) } else { false }
  }
}

/// An element; an attribute without a value is left out.
func element(
  _ name: String, _ attributes: KeyValuePairs<String, String?> = [:],
  @MarkupBuilder _ content: () -> Markup = { .empty }
) -> Markup {
  .element(name, attributes.compactMap { name, value in value.map { (name, $0) } }, content())
}

/// The same around one text.
func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ text: String) -> Markup {
  element(name, attributes) { text }
}

@resultBuilder
enum MarkupBuilder {
  static func buildExpression(_ text: String) -> Markup { .text(text) }
  static func buildExpression(_ markup: Markup) -> Markup { markup }
  static func buildExpression(_ parts: [Markup]) -> Markup { .group(parts) }
  static func buildBlock(_ parts: Markup...) -> Markup { .group(parts) }
  static func buildOptional(_ part: Markup?) -> Markup { part ?? .empty }
  static func buildEither(first: Markup) -> Markup { first }
  static func buildEither(second: Markup) -> Markup { second }
  static func buildArray(_ parts: [Markup]) -> Markup { .group(parts) }
}

extension Markup {
  /// HTML's elements that have no end.
  private static let endless: Set<String> = ["meta", "img", "br", "input"]

  /// The text of a page, or of an SVG file, which is XML.
  var source: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .text(let content): text += Self.escaped(content)
    case .own(let content): text += content.description
    case .group(let parts):
      for part in parts { part.write(to: &text) }
    case .element(let name, let attributes, let content):
      text += "<" + name
      for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value))\"" }
      text += ">"
      if Self.endless.contains(name) { return }
      content.write(to: &text)
      text += "</\(name)>"
      if Self.isBlock(name) { text += "\n" }
    }
  }

  /// Whether a line may end after it without a space being seen: the page can then be read and compared as text.
  private static func isBlock(_ name: String) -> Bool {
    ["section", "table", "tr", "p", "h1", "h2", "h3", "svg", "div", "figure", "head", "style", "li", "ul", "dl", "dd"]
      .contains(name)
  }

  /// Control characters, which neither HTML nor XML can hold, become U+FFFD.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7f || (0xfffe...0xffff).contains(scalar.value):
        result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
