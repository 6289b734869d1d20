extension PlanStage: CustomStringConvertible {
  /// As it is read.
  public var description: String {
    var words: [String] = name.map { ["name=" + ProtectedText.quoted($0)] } ?? []
    switch scope {
    case .selector(let selector): words.append(selector.description)
    case .gradual(let epochs): words.append("gradual:\(epochs)")
    }
    if let epochs { words.append("\(epochs) \(epochs == 1 ? "epoch" : "epochs")") }
    if rate != .factor(1) { words.append("at \(rate)") }
    if let batchNorm { words.append("bn=\(batchNorm)") }
    return words.joined(separator: " ")
  }
}

extension PlanStage.Rate: CustomStringConvertible {
  /// As it is read: `lr/10`, `lr*0.3` or `lr=0.0001`.
  public var description: String {
    switch self {
    case .absolute(let rate): return "lr=\(rate.plain)"
    case .factor(let factor):
      let divisor = (1 / factor).rounded()
      return factor < 1 && 1 / divisor == factor ? "lr/\(divisor.plain)" : "lr*\(factor.plain)"
    }
  }

  /// nil where the word is no rate at all.
  fileprivate init?(_ word: String, in stage: String) throws(PlanningError) {
    guard word.hasPrefix("lr"), let sign = word.dropFirst(2).first, "/*×=".contains(sign) else { return nil }
    guard let number = Double(String(word.dropFirst(3))), number > 0, number.isFinite, (1 / number).isFinite else {
      throw .invalidStages(stage, reason: "after \(word.prefix(3)) stands a number above 0")
    }
    self = sign == "=" ? .absolute(number) : .factor(sign == "/" ? 1 / number : number)
  }
}

extension StagedPlan: CustomStringConvertible {
  /// As it is read.
  public var description: String { stages.map(\.description).joined(separator: " → ") }

  /// Reads stages with `→`, `->` or `>` between them.
  ///
  /// A stage is a selector or `gradual:N`, and after it in any order: epochs (`5 epochs`, or `5`), a rate (`at lr/10`,
  /// `lr*0.3`, `lr=1e-5`), batch normalisations' behaviour (`bn=RULES`), and a name (`name=warm-up`).
  ///
  /// - Throws: `PlanningError.invalidStages`, and what `LayerSelector` and `BatchNormRules` throw.
  public init(parsing text: String) throws(PlanningError) {
    let text = ProtectedText(text).withArrows
    guard ProtectedText(text).isBalanced else { throw .invalidStages(text, reason: "brackets and quotes do not fit") }
    var stages: [PlanStage] = []
    for piece in ProtectedText(text).split(by: { $0 == "→" || $0 == ">" }) {
      stages.append(try PlanStage(parsing: piece))
    }
    self.init(stages)
  }
}

extension PlanStage {
  fileprivate init(parsing text: String) throws(PlanningError) {
    let words = ProtectedText(text).split(by: \.isWhitespace).filter { !$0.isEmpty }
    var scope: [String] = []
    var (name, epochs, rate, batchNorm): (String?, Int?, Rate?, BatchNormRules?)
    for word in words {
      if ["at", "epochs", "epoch"].contains(word), !scope.isEmpty { continue }
      if word.hasPrefix("name="), name == nil {
        name = ProtectedText.unquoted(String(word.dropFirst("name=".count)))
      } else if word.hasPrefix("bn="), batchNorm == nil {
        batchNorm = try BatchNormRules(parsing: String(word.dropFirst("bn=".count)))
      } else if let number = Int(word), epochs == nil {
        guard number > 0 else { throw .invalidStages(text, reason: "it takes at least one epoch") }
        epochs = number
      } else if let found = try Rate(word, in: text), rate == nil {
        rate = found
      } else if epochs == nil, rate == nil, batchNorm == nil {
        scope.append(word)
      } else {
        throw .invalidStages(text, reason: "“\(word)” is not understood")
      }
    }
    guard !scope.isEmpty else { throw .invalidStages(text, reason: "it does not say what trains") }
    let selected = scope.joined(separator: " ")
    if selected.hasPrefix("gradual:") {
      guard let each = Int(selected.dropFirst("gradual:".count)), each > 0 else {
        throw .invalidStages(text, reason: "after gradual: stands a number of epochs")
      }
      self.init(.gradual(epochs: each), name: name, epochs: epochs, rate: rate ?? .factor(1), batchNorm: batchNorm)
      return
    }
    self.init(
      try LayerSelector(parsing: selected), name: name, epochs: epochs, rate: rate ?? .factor(1), batchNorm: batchNorm)
  }
}

extension StagedPlan: Codable {
  /// Stages are saved as their text.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
