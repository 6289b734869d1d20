import GraftGraph

/// Which layers of the backbone train, in the words of `--unfreeze`; the head always does.
public enum LayerSelector: Hashable, Sendable {
  /// None of the backbone.
  case head
  /// The last N weighted layers of the backbone in topological order, and everything that follows them.
  case last(Int)
  /// The named layer or stage, and everything that follows it.
  case from(String)
  /// The layers whose names match a shell pattern: `*` for any characters, `?` for one.
  case match(String)
  /// Everything.
  case all
}

extension LayerSelector: CustomStringConvertible {
  public var description: String {
    switch self {
    case .head: "head"
    case .last(let count): "last:\(count)"
    case .from(let layer): "from:\(layer)"
    case .match(let pattern): "match:\(pattern)"
    case .all: "all"
    }
  }

  /// Reads `head`, `last:N`, `from:LAYER`, `match:GLOB` or `all`.
  ///
  /// - Throws: `PlanningError.invalidSelector`.
  public init(parsing text: String) throws(PlanningError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count == 2 ? parts[1] : nil) {
    case ("head", nil): self = .head
    case ("all", nil): self = .all
    case ("last", let count?):
      guard let count = Int(count), count > 0 else { throw .invalidSelector(text) }
      self = .last(count)
    case ("from", let layer?) where !layer.isEmpty: self = .from(layer)
    case ("match", let pattern?) where !pattern.isEmpty: self = .match(pattern)
    default: throw .invalidSelector(text)
    }
  }
}

/// Whether `name` matches a pattern of literal characters, `*` and `?`.
///
/// - Complexity: O(name × pattern): a star is retried from its last position only.
func matches(_ name: String, glob pattern: String) -> Bool {
  let name = Array(name)
  let pattern = Array(pattern)
  var position = 0
  var token = 0
  var retry: (position: Int, token: Int)?
  while position < name.count {
    if token < pattern.count, pattern[token] == "*" {
      retry = (position, token + 1)
      token += 1
    } else if token < pattern.count, pattern[token] == "?" || pattern[token] == name[position] {
      position += 1
      token += 1
    } else if let last = retry {
      retry = (last.position + 1, last.token)
      (position, token) = (last.position + 1, last.token)
    } else {
      return false
    }
  }
  return pattern[token...].allSatisfy { $0 == "*" }
}
