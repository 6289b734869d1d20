/// Swift source with its comments and the contents of its string literals blanked out, so that neither is taken for
/// code. Line ends stay where they are.
struct SourceText {
  private(set) var code = ""
  private var rest: Substring

  init(_ source: String) {
    rest = source[...]
    while let character = rest.first {
      if rest.hasPrefix("//") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        skipBlockComment()
      } else if let hashes = openingHashes {
        skipString(hashes: hashes)
      } else {
        code.append(character)
        rest.removeFirst()
      }
    }
  }

  /// The number of `#` before the quotation mark when a string literal starts here.
  private var openingHashes: Int? {
    let hashes = rest.prefix { $0 == "#" }.count
    return rest.dropFirst(hashes).first == "\"" ? hashes : nil
  }

  /// Swift's block comments nest.
  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if rest.hasPrefix("/*") {
        depth += 1
        rest.removeFirst(2)
      } else if rest.hasPrefix("*/") {
        depth -= 1
        rest.removeFirst(2)
      } else {
        keepLineEnd()
      }
    } while depth > 0 && !rest.isEmpty
    code.append(" ")
  }

  /// Interpolations are skipped as if they were text: a quotation mark inside one ends the literal early, and its
  /// partner begins another, so that both are over by the end of the line.
  private mutating func skipString(hashes: Int) {
    rest.removeFirst(hashes)
    let isMultiline = rest.hasPrefix("\"\"\"")
    let quotes = isMultiline ? "\"\"\"" : "\""
    let end = quotes + String(repeating: "#", count: hashes)
    let escape = "\\" + String(repeating: "#", count: hashes)
    rest.removeFirst(quotes.count)
    while let character = rest.first, !rest.hasPrefix(end), isMultiline || !character.isNewline {
      if rest.hasPrefix(escape) { rest.removeFirst(escape.count) }
      keepLineEnd()
    }
    if rest.hasPrefix(end) { rest.removeFirst(end.count) }
    code.append(" ")
  }

  private mutating func keepLineEnd() {
    if let character = rest.popFirst(), character.isNewline { code.append(character) }
  }
}
