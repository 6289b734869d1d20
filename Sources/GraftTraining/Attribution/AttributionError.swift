import Foundation

/// Why it cannot be told where a model sees something.
public enum AttributionError: Error, Hashable {
  /// The network has no feature map of several positions through which all goes that its outputs tell.
  case noFeatureMap
  case notAFeatureMap(layer: String, some: [String])
}

extension AttributionError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .noFeatureMap:
      "the network has no feature map of several places through which all goes that it tells, so it cannot be told where in an "
        + "image it sees that"
    case .notAFeatureMap(let layer, let some):
      "“\(layer)” is not a feature map of several places through which all goes that the network tells; the last of those are "
        + some.map { "“\($0)”" }.joined(separator: ", ")
    }
  }

  public var errorDescription: String? { description }
}
