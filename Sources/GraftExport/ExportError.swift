import Foundation
import GraftTensors

/// Why a network cannot be written in a format.
public enum ExportError: Error, Hashable {
  /// All layers that the format has no word for.
  case unsupportedLayers(format: String, layers: [UnsupportedLayer])
  case missingParameter(name: String, shape: Shape)
  case noPreprocessing
}

/// A layer that a format cannot express, and why.
public struct UnsupportedLayer: Hashable, Sendable {
  public let name, kind, reason: String

  public init(name: String, kind: String, reason: String) {
    self.name = name
    self.kind = kind
    self.reason = reason
  }
}

extension ExportError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .unsupportedLayers(let format, let layers):
      "\(format) cannot express "
        + layers.prefix(5).map { "“\($0.name)” (\($0.kind)): \($0.reason)" }.joined(separator: "; ")
        + (layers.count > 5 ? "; and \(layers.count - 5) layers more" : "") + ". Choose another --format"
    case .missingParameter(let name, let shape):
      "the network has no numbers for “\(name)” of the shape \(shape), so it cannot be written"
    case .noPreprocessing:
      "what is done to images before they enter this network is not known, so it cannot be put into the file; say it "
        + "with --preprocessing"
    }
  }

  public var errorDescription: String? { description }
}
