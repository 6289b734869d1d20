import Foundation
import GraftTensors

/// Why a network cannot be compiled or run.
public enum EngineError: Error, Hashable {
  case missingParameter(name: String, shape: Shape)
  case parameterShape(name: String, expected: Shape, found: Shape)
  case inputShape(name: String, expected: Shape, found: Shape)
  case missingInput(name: String)
  case imageCounts(name: String, count: Int, other: String, found: Int)
  case tooManyImages(limit: Int, found: Int)
  case partialBatch(layer: String, expected: Int, found: Int)
  case unsupportedLayer(name: String, kind: String)
  case outOfMemory(bytes: Int)
  case primitive(what: String, layer: String, status: Int)
}

extension EngineError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .missingParameter(let name, let shape):
      "the weights lack “\(name)” of the shape \(shape)"
    case .parameterShape(let name, let expected, let found):
      "“\(name)” has the shape \(found), but the network needs \(expected)"
    case .inputShape(let name, let expected, let found):
      "the input “\(name)” has the shape \(found), but the network takes \(expected) for each image"
    case .missingInput(let name):
      "the network's input “\(name)” was not given"
    case .imageCounts(let name, let count, let other, let found):
      "the inputs “\(name)” and “\(other)” were given \(count) and \(found) images; give as many to each"
    case .tooManyImages(let limit, let found):
      "\(found) images were given to a program compiled for \(limit) at a time"
    case .partialBatch(let layer, let expected, let found):
      "\(found) images were given to a program compiled for \(expected) at a time, but layer “\(layer)” uses the "
        + "statistics of the batch; give exactly \(expected), or freeze the layer's statistics"
    case .unsupportedLayer(let name, let kind):
      "layer “\(name)” is of the kind \(kind), which the engine cannot run"
    case .outOfMemory(let bytes):
      "no memory for another \(bytes) bytes; use smaller batches or images"
    case .primitive(let what, let layer, let status):
      "oneDNN refused \(what) in layer “\(layer)” (status \(status)); please report this with the network"
    }
  }

  public var errorDescription: String? { description }
}
