import Foundation
import GraftGraph

/// Why a plan cannot be made.
public enum PlanningError: Error, Hashable {
  case invalidSelector(String)
  case unknownLayer(String, suggestions: [String])
  case nothingMatches(pattern: String, examples: [String])
  case tooManyLayers(asked: Int, weighted: Int)
}

extension PlanningError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .invalidSelector(let text):
      "“\(text)” does not say which layers to unfreeze; write head, last:N, from:LAYER, match:GLOB or all"
    case .unknownLayer(let name, let suggestions):
      "there is no layer “\(name)”\(suggestions.isEmpty ? ";" : didYouMean(suggestions)) `graft inspect` lists them all"
    case .nothingMatches(let pattern, let examples):
      "no layer with weights matches “\(pattern)”; they are named like \(examples.joined(separator: ", "))"
    case .tooManyLayers(let asked, let weighted):
      "last:\(asked) asks for more layers than the backbone has with weights (\(weighted)); write all instead"
    }
  }

  public var errorDescription: String? { description }
}
