/// An operator of a file that Graft cannot express as layers.
public struct UnsupportedOperator: Hashable, Sendable {
  /// The operator's name in the standard, or with that of its set before it.
  public let operatorType: String
  /// What the file calls the node.
  public let node: String
  /// Why; a clause.
  public let reason: String

  public init(_ operatorType: String, node: String, reason: String) {
    self.operatorType = operatorType
    self.node = node
    self.reason = reason
  }

  /// All of them for people: alike ones together, a few of each named.
  static func summary(_ operators: [UnsupportedOperator]) -> String {
    var order: [UnsupportedOperator] = []
    var nodes: [UnsupportedOperator: [String]] = [:]
    for found in operators {
      let kind = UnsupportedOperator(found.operatorType, node: "", reason: found.reason)
      if nodes[kind] == nil { order.append(kind) }
      nodes[kind, default: []].append(found.node)
    }
    let lines = order.prefix(8).map { kind in
      let names = nodes[kind] ?? []
      let shown = names.prefix(3).map { "“\($0)”" }.joined(separator: ", ")
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      return "\(kind.operatorType) (\(shown)\(more)): \(kind.reason)"
    }
    let rest = order.count > 8 ? "; and \(order.count - 8) more kinds of operators" : ""
    return lines.joined(separator: "; ") + rest
  }
}
