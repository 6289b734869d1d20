/// Text cut into pieces as plans are written: what stands in brackets or in double quotes stays together, and a quote
/// within quotes is doubled. So names and patterns may hold any character.
struct ProtectedText {
  private let characters: [Character]
  /// For each character, whether it may separate; nil where a bracket or a quote does not end.
  private let isOpen: [Bool]?

  init(_ text: some StringProtocol) {
    characters = Array(text)
    isOpen = Self.openPositions(of: characters)
  }

  private static let closing: [Character: Character] = ["(": ")", "[": "]", "{": "}"]

  private static func openPositions(of characters: [Character]) -> [Bool]? {
    var expected: [Character] = []
    var isQuoted = false
    var result: [Bool] = []
    for character in characters {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted, let end = closing[character] { expected.append(end) }
      result.append(!isQuoted && expected.isEmpty && character != "\"")
      if !isQuoted, closing.values.contains(character) {
        guard expected.popLast() == character else { return nil }
      }
    }
    return isQuoted || !expected.isEmpty ? nil : result
  }

  /// Whether every bracket and quote ends.
  var isBalanced: Bool { isOpen != nil }

  /// The pieces between separators, without white space at their ends; one piece of all where brackets do not fit.
  ///
  /// - Parameter separators: each one character.
  func split(by isSeparator: (Character) -> Bool) -> [String] {
    guard let isOpen else { return [String(characters)] }
    var pieces: [[Character]] = [[]]
    for (character, isOpen) in zip(characters, isOpen) {
      if isOpen, isSeparator(character) { pieces.append([]) } else { pieces[pieces.count - 1].append(character) }
    }
    return pieces.map { String($0).trimmed }
  }

  /// The text with `→` for every `->` that may separate.
  var withArrows: String {
    guard let isOpen else { return String(characters) }
    var result = ""
    for (index, character) in characters.enumerated() {
      if character == ">", index > 0, isOpen[index], isOpen[index - 1], characters[index - 1] == "-" {
        result.removeLast()
        result.append("→")
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// What precedes and what follows the first separator, or the last.
  func cut(at separator: Character, last: Bool = false) -> (String, String)? {
    guard let isOpen else { return nil }
    let places = characters.indices.filter { isOpen[$0] && characters[$0] == separator }
    guard let place = last ? places.last : places.first else { return nil }
    return (String(characters[..<place]).trimmed, String(characters[(place + 1)...]).trimmed)
  }

  /// The text without quotes around it, if it has some.
  static func unquoted(_ text: String) -> String {
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    return String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
  }

  /// The text as one piece, in quotes where it would fall apart otherwise.
  static func quoted(_ text: String) -> String {
    let separators: Set<Character> = [",", "&", ";", "=", ">", "→", "!", "\""]
    let falls = text.contains { separators.contains($0) || $0.isWhitespace }
    guard falls || !ProtectedText(text).isBalanced || text.isEmpty else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension String {
  var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
