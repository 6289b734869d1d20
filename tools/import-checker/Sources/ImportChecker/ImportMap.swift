/// The table of allowed arrows: one line a module, `Module: Import Import …`; `#` begins a comment.
public struct ImportMap: Sendable {
  public private(set) var allowed: [String: Set<String>] = [:]

  /// - Throws: `CheckError.mapLine` for a line that is no entry, or a module's second one.
  public init(text: String) throws {
    for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
      let entry = line.prefix { $0 != "#" }
      if entry.allSatisfy(\.isWhitespace) { continue }
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
      let names = parts[0].split(whereSeparator: \.isWhitespace)
      guard parts.count == 2, names.count == 1, let name = names.first, allowed[String(name)] == nil else {
        throw CheckError.mapLine(number: number, found: String(line))
      }
      allowed[String(name)] = Set(parts[1].split(whereSeparator: \.isWhitespace).map(String.init))
    }
  }
}

public enum CheckError: Error, CustomStringConvertible {
  case mapLine(number: Int, found: String)

  public var description: String {
    switch self {
    case .mapLine(let number, let found):
      "line \(number) of the import map is \"\(found)\"; expected \"Module: Import Import …\", once for each module"
    }
  }
}
