import Foundation
import GraftGraph

/// How fast parameters move: what the learning rate is multiplied by, for each. The head's factor is 1.
///
/// ```
/// uniform
/// decay:0.4
/// all=0.1; norm=1
/// ```
public enum RateRule: Hashable, Sendable {
  /// All as fast as the head.
  case uniform
  /// Discriminative rates: the last stage of the backbone at this times the rate, the one before at its square, and so on
  /// (Howard and Ruder, arXiv:1801.06146, who take 1/2.6). Each stage with weights counts, also while it is frozen, as in
  /// fastai: its rate is the same in every stage of a training.
  case decay(Double)
  /// What selectors name, at these times the rate. The last that names a parameter counts; what none names moves at the
  /// full rate.
  case factors([Factor])

  public struct Factor: Hashable, Sendable {
    public let selector: LayerSelector
    public let factor: Double

    public init(_ selector: LayerSelector, _ factor: Double) {
      self.selector = selector
      self.factor = factor
    }
  }

  /// The factors of the backbone's parameters that have others than 1, by their names.
  ///
  /// - Parameter head: names of the nodes of the head.
  /// - Throws: `PlanningError` where a selector finds nothing.
  public func multipliers(of graph: LayerGraph, head: Set<String>) throws(PlanningError) -> [String: Double] {
    switch self {
    case .uniform: return [:]
    case .decay(let decay):
      let distances = LayerGroups(graph, head: head).distances
      return Dictionary(
        graph.parameters.compactMap { parameter in
          distances[parameter.layer].map { (parameter.name, pow(decay, Double($0))) }
        }, uniquingKeysWith: { first, _ in first })
    case .factors(let factors):
      let context = SelectorContext(graph, head: head)
      var multipliers: [String: Double] = [:]
      for factor in factors {
        for name in try factor.selector.parameters(in: context) { multipliers[name] = factor.factor }
      }
      return multipliers
    }
  }
}

extension RateRule: CustomStringConvertible, Codable {
  /// As it is read.
  public var description: String {
    switch self {
    case .uniform: "uniform"
    case .decay(let decay): "decay:\(decay.plain)"
    case .factors(let factors): factors.map { "\($0.selector)=\($0.factor.plain)" }.joined(separator: "; ")
    }
  }

  /// Reads `uniform`, `decay:NUMBER`, or `SELECTOR=NUMBER` with semicolons between several.
  ///
  /// - Throws: `PlanningError.invalidRates`, and what `LayerSelector` throws.
  public init(parsing text: String) throws(PlanningError) {
    func number(_ word: some StringProtocol) throws(PlanningError) -> Double {
      guard let number = Double(String(word)), number > 0, number.isFinite else {
        throw .invalidRates(text, reason: "“\(word)” is no number above 0")
      }
      return number
    }
    if text == "uniform" {
      self = .uniform
    } else if text.hasPrefix("decay:") {
      let decay = try number(text.dropFirst("decay:".count))
      guard decay <= 1 else { throw .invalidRates(text, reason: "a decay is at most 1") }
      self = .decay(decay)
    } else {
      var factors: [Factor] = []
      for piece in ProtectedText(text).split(by: { $0 == ";" }) {
        guard let (selector, factor) = ProtectedText(piece).cut(at: "=", last: true) else {
          throw .invalidRates(text, reason: "“\(piece)” has no =")
        }
        factors.append(Factor(try LayerSelector(parsing: selector), try number(factor)))
      }
      self = .factors(factors)
    }
  }

  /// A rule is saved as its text.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
