import GraftGraph

/// What of the backbone trains, in the words of `--unfreeze`; the head always does.
///
/// Selectors compose. Terms between commas are taken in turn: each is added to what the ones before it select, or, with a
/// leading `!`, taken away from it; a first term with `!` is taken away from everything. Within a term `&` narrows, and
/// binds tighter: `&bias` to what is also selected by `bias`, `&!bias` to what is not. Parentheses group.
///
/// ```
/// last:2,norm               the last two layers, and γ and β of all batch normalisations
/// all&bias                  biases alone (BitFit)
/// from:block4,!match:*_bn   from block4 on, without the layers so named
/// !norm                     everything but batch normalisations
/// ```
public struct LayerSelector: Hashable, Sendable {
  /// What is added or taken away in one go.
  struct Term: Hashable, Sendable {
    var removes = false
    /// All of which must hold; at least one, the first of them not negated.
    var factors: [Factor]
  }

  struct Factor: Hashable, Sendable {
    var isNegated = false
    var choice: Choice
  }

  /// What a word selects of a graph.
  enum Choice: Hashable, Sendable {
    case head
    case all
    case last(Int)
    /// In percent of the weighted layers.
    case lastShare(Double)
    case lastStages(Int)
    case from(String)
    case until(String)
    case stage(String)
    case layer(String)
    case match(String)
    case regex(String)
    case role(ParameterGroup)
    /// A selector in parentheses, which is no single word.
    case group([Term])
  }

  let terms: [Term]

  init(_ terms: [Term]) {
    self.terms = terms
  }

  private init(_ choice: Choice) {
    terms = [Term(factors: [Factor(choice: choice)])]
  }
}

/// Parameters of one role in their layers.
public enum ParameterGroup: String, Hashable, Sendable, CaseIterable {
  /// Biases, of which a batch normalisation's β is one: Zaken et al., BitFit, arXiv:2106.10199.
  case bias
  /// γ and β of batch normalisations.
  case norm
  /// Kernels of convolutions and dense layers.
  case kernels

  func contains(_ role: ParameterSpecification.Role) -> Bool {
    switch self {
    case .bias: role == .bias || role == .beta
    // Statistics train never; but a normalisation without γ and β is one too, and has nothing else.
    case .norm: [.gamma, .beta, .movingMean, .movingVariance].contains(role)
    case .kernels: role.isKernel
    }
  }
}

extension LayerSelector {
  /// None of the backbone.
  public static let head = LayerSelector(.head)
  /// Everything.
  public static let all = LayerSelector(.all)
  /// The last N weighted layers of the backbone in topological order, and everything that follows them.
  public static func last(_ count: Int) -> LayerSelector { LayerSelector(.last(count)) }
  /// As `last`, for a share of the weighted layers in percent, above 0 up to 100; rounded, and one at least.
  public static func lastShare(percent: Double) -> LayerSelector { LayerSelector(.lastShare(percent)) }
  /// The last N stages of the backbone that have weights, and everything that follows them.
  public static func lastStages(_ count: Int) -> LayerSelector { LayerSelector(.lastStages(count)) }
  /// The named layer or stage, and everything that follows it.
  public static func from(_ name: String) -> LayerSelector { LayerSelector(.from(name)) }
  /// The named layer or stage, and everything that it is made of.
  public static func until(_ name: String) -> LayerSelector { LayerSelector(.until(name)) }
  /// The named stage alone.
  public static func stage(_ name: String) -> LayerSelector { LayerSelector(.stage(name)) }
  /// The named layer alone.
  public static func layer(_ name: String) -> LayerSelector { LayerSelector(.layer(name)) }
  /// The layers whose names match a shell pattern: `*` for any characters, `?` for one.
  public static func match(_ pattern: String) -> LayerSelector { LayerSelector(.match(pattern)) }
  /// The layers in whose names a regular expression is found, in Swift's syntax; `^` and `$` stand for the ends.
  public static func regex(_ pattern: String) -> LayerSelector { LayerSelector(.regex(pattern)) }
  /// The parameters of one role in all layers.
  public static func parameters(_ group: ParameterGroup) -> LayerSelector { LayerSelector(.role(group)) }

  /// What either selects.
  public func union(_ other: LayerSelector) -> LayerSelector {
    LayerSelector(terms + (other.terms.contains(where: \.removes) ? [Term(factors: [other.asFactor])] : other.terms))
  }

  /// What both select.
  public func intersection(_ other: LayerSelector) -> LayerSelector {
    LayerSelector([Term(factors: asFactors + other.asFactors)])
  }

  /// What this selects and the other does not.
  public func subtracting(_ other: LayerSelector) -> LayerSelector {
    LayerSelector(terms + [Term(removes: true, factors: other.asFactors)])
  }

  /// As factors of a term: those of a selector that is a single term itself.
  private var asFactors: [Factor] {
    terms.count == 1 && !terms[0].removes ? terms[0].factors : [asFactor]
  }

  private var asFactor: Factor { Factor(choice: Choice(grouping: terms)) }

  /// Whether the head is named, so that selecting nothing of the backbone is no mistake.
  var namesHead: Bool {
    terms.contains { term in
      term.factors.contains { factor in
        if case .group(let terms) = factor.choice { return LayerSelector(terms).namesHead }
        return factor.choice == .head
      }
    }
  }
}

extension LayerSelector.Choice {
  /// A selector as one word: in parentheses, unless it is one.
  init(grouping terms: [LayerSelector.Term]) {
    let single = terms.count == 1 && !terms[0].removes && terms[0].factors.count == 1
    self = single ? terms[0].factors[0].choice : .group(terms)
  }
}
