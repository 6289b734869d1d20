import GraftGraph

/// How each batch normalisation of a backbone behaves: one policy, and others for the layers that selectors name.
///
/// What trains is the selector's matter, not theirs: a policy can keep γ and β from training, and adds none. The one
/// thing that happens to frozen layers is `reestimate`, where a rule names them.
///
/// ```
/// affine
/// train,frozen:match:conv1_*
/// frozen,reestimate:all
/// ```
public struct BatchNormRules: Hashable, Sendable {
  public struct Rule: Hashable, Sendable {
    public let policy: BatchNormPolicy
    public let selector: LayerSelector

    public init(_ policy: BatchNormPolicy, _ selector: LayerSelector) {
      self.policy = policy
      self.selector = selector
    }
  }

  /// For batch normalisations among the unfrozen layers that no rule names.
  public var standard: BatchNormPolicy
  /// Of several that name a layer the last counts.
  public var rules: [Rule]

  public init(_ standard: BatchNormPolicy = .affine, rules: [Rule] = []) {
    self.standard = standard
    self.rules = rules
  }
}

extension BatchNormRules: CustomStringConvertible, Codable {
  /// As it is read.
  public var description: String {
    ([standard.rawValue] + rules.map { "\($0.policy.rawValue):\($0.selector)" }).joined(separator: ",")
  }

  /// Reads policies with commas between them: one alone, and others with a selector after a colon. What follows a comma
  /// and begins with no policy belongs to the selector before it.
  ///
  /// - Parameter standard: where the text has no policy for all.
  /// - Throws: `PlanningError.invalidBatchNorm`, and what `LayerSelector` throws.
  public init(parsing text: String, otherwise standard: BatchNormPolicy = .affine) throws(PlanningError) {
    var chosen: BatchNormPolicy?
    var texts: [(policy: BatchNormPolicy, selector: String)] = []
    for piece in ProtectedText(text).split(by: { $0 == "," }) {
      if let policy = BatchNormPolicy(rawValue: piece) {
        guard chosen == nil else { throw .invalidBatchNorm(text, reason: "two policies are for all layers") }
        chosen = policy
      } else if let (word, selector) = ProtectedText(piece).cut(at: ":"), let policy = BatchNormPolicy(rawValue: word) {
        texts.append((policy, selector))
      } else if texts.isEmpty {
        throw .invalidBatchNorm(text, reason: "“\(piece)” is no policy")
      } else {
        texts[texts.count - 1].selector += "," + piece
      }
    }
    var rules: [Rule] = []
    for (policy, selector) in texts { rules.append(Rule(policy, try LayerSelector(parsing: selector))) }
    self.init(chosen ?? standard, rules: rules)
  }

  /// Rules are saved as their text.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension BatchNormRules {
  /// Each batch normalisation of the backbone that does not hold still or that a rule names, by its layer's name.
  ///
  /// - Parameter selected: the names of the parameters that are to train, and of the statistics beside them.
  func policies(selected: Set<String>, in context: SelectorContext) throws(PlanningError) -> [String: BatchNormPolicy] {
    var policies: [String: BatchNormPolicy] = [:]
    let norms = context.backbone.filter { $0.layer is BatchNormalization }
    func layers(_ parameters: Set<String>) -> [String] {
      norms.filter { $0.parameters.contains { parameters.contains($0.name) } }.map(\.layer.name)
    }
    let unfrozen = Set(layers(selected))
    for layer in unfrozen { policies[layer] = standard }
    for rule in rules {
      let named = layers(try rule.selector.parameters(in: context))
      for layer in named where unfrozen.contains(layer) || rule.policy == .reestimate { policies[layer] = rule.policy }
      for layer in named where !unfrozen.contains(layer) && rule.policy != .reestimate { policies[layer] = nil }
    }
    return policies
  }
}
