import GraftGraph

extension LayerSelector: CustomStringConvertible {
  /// As it is read.
  public var description: String { terms.map(\.text).joined(separator: ",") }

  /// The words that selectors are made of, for messages and help.
  public static let words =
    "head, all, last:N, last:30%, last-stage:N, from:LAYER|STAGE, until:LAYER|STAGE, stage:NAME, layer:NAME, match:GLOB, "
    + "regex:RE, bias, norm, kernels"

  /// Reads a selector: words with `,` (and), `&` (of these only) and `!` (not) between them. A name or pattern with such
  /// characters of its own stands in double quotes.
  ///
  /// - Throws: `PlanningError.invalidSelector`, `unknownSelector`, `invalidPattern`.
  public init(parsing text: String) throws(PlanningError) {
    try self.init(text, within: text, depth: 0)
  }

  private init(_ text: String, within whole: String, depth: Int) throws(PlanningError) {
    guard depth < 16, ProtectedText(text).isBalanced else {
      throw .invalidSelector(whole, reason: "brackets and quotes do not fit")
    }
    var terms: [Term] = []
    for piece in ProtectedText(text).split(by: { $0 == "," }) {
      var factors: [Factor] = []
      for word in ProtectedText(piece).split(by: { $0 == "&" }) {
        let isNegated = word.hasPrefix("!")
        let choice = try Choice(isNegated ? String(word.dropFirst()).trimmed : word, within: whole, depth: depth)
        factors.append(Factor(isNegated: isNegated, choice: choice))
      }
      let removes = factors[0].isNegated
      factors[0].isNegated = false
      terms.append(Term(removes: removes, factors: factors))
    }
    self.init(terms)
  }

  /// The selector in parentheses, as what it comes to.
  fileprivate static func group(_ text: String, within whole: String, depth: Int) throws(PlanningError) -> Choice {
    Choice(grouping: try LayerSelector(text, within: whole, depth: depth + 1).terms)
  }
}

extension LayerSelector: Codable {
  /// A selector is saved as its text.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension LayerSelector.Term {
  fileprivate var text: String {
    (removes ? "!" : "") + factors.map { ($0.isNegated ? "!" : "") + $0.choice.text }.joined(separator: "&")
  }
}

extension LayerSelector.Choice {
  fileprivate var text: String {
    switch self {
    case .head: "head"
    case .all: "all"
    case .last(let count): "last:\(count)"
    case .lastShare(let percent): "last:\(percent.plain)%"
    case .lastStages(let count): "last-stage:\(count)"
    case .from(let name): "from:" + ProtectedText.quoted(name)
    case .until(let name): "until:" + ProtectedText.quoted(name)
    case .stage(let name): "stage:" + ProtectedText.quoted(name)
    case .layer(let name): "layer:" + ProtectedText.quoted(name)
    case .match(let pattern): "match:" + ProtectedText.quoted(pattern)
    case .regex(let pattern): "regex:" + ProtectedText.quoted(pattern)
    case .role(let group): group.rawValue
    case .group(let terms): "(" + LayerSelector(terms).description + ")"
    }
  }

  fileprivate init(_ word: String, within whole: String, depth: Int) throws(PlanningError) {
    if word.hasPrefix("("), word.hasSuffix(")") {
      self = try LayerSelector.group(String(word.dropFirst().dropLast()), within: whole, depth: depth)
      return
    }
    guard !word.isEmpty else { throw .invalidSelector(whole, reason: "a word is missing") }
    guard let (kind, argument) = ProtectedText(word).cut(at: ":") else {
      switch word {
      case "head": self = .head
      case "all": self = .all
      default:
        guard let group = ParameterGroup(rawValue: word) else { throw Self.unknown(word, in: whole) }
        self = .role(group)
      }
      return
    }
    try self.init(kind, ProtectedText.unquoted(argument), within: whole)
  }

  private init(_ kind: String, _ argument: String, within whole: String) throws(PlanningError) {
    let kinds: [String: (String) -> Self] = [
      "from": Self.from, "until": Self.until, "stage": Self.stage, "layer": Self.layer, "match": Self.match,
      "regex": Self.regex,
    ]
    switch kind {
    case "last", "last-stage":
      guard let number = Self.number(kind, argument) else {
        throw .invalidSelector(
          whole, reason: "after \(kind): stands a number from 1 on\(kind == "last" ? ", or a share such as 30%" : "")")
      }
      self = number
    default:
      guard let make = kinds[kind] else { throw Self.unknown(kind, in: whole) }
      guard !argument.isEmpty else { throw .invalidSelector(whole, reason: "nothing stands after \(kind):") }
      if kind == "regex", (try? Regex(argument)) == nil { throw .invalidPattern(argument) }
      self = make(argument)
    }
  }

  private static func number(_ kind: String, _ argument: String) -> Self? {
    if kind == "last", argument.hasSuffix("%") {
      guard let percent = Double(argument.dropLast()), percent > 0, percent <= 100 else { return nil }
      return .lastShare(percent)
    }
    guard let count = Int(argument), count > 0 else { return nil }
    return kind == "last" ? .last(count) : .lastStages(count)
  }

  private static func unknown(_ word: String, in whole: String) -> PlanningError {
    let words = ["head", "all", "last", "last-stage", "from", "until", "stage", "layer", "match", "regex"]
    return .unknownSelector(
      word, in: whole, suggestions: closestNames(to: word, among: words + ParameterGroup.allCases.map(\.rawValue)))
  }
}

extension Double {
  /// Without `.0` where it is whole.
  var plain: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
