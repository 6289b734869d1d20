import Foundation
import GraftTensors

/// Why a graph cannot be built or edited as asked.
public enum GraphError: Error, Hashable {
  case inputCount(layer: String, kind: String, expected: String, found: Int)
  case inputRank(layer: String, kind: String, expected: String, found: Shape)
  case inputTooSmall(layer: String, kind: String, window: Size2D, found: Size2D)
  case inputsDiffer(layer: String, kind: String, expected: Shape, found: Shape)
  case invalidOption(layer: String, kind: String, option: String, expected: String, found: String)
  case tooLarge(layer: String, kind: String, shape: Shape)
  case duplicateName(String)
  case sharedParameter(String, expected: Shape, found: Shape)
  case unknownLayer(String, suggestions: [String])
  case unknownKind(String)
  case noSoftmax(output: String)
  case noSigmoid(output: String)
  case noFeatureMap(outputs: [String])
}

extension GraphError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .inputCount(let layer, let kind, let expected, let found):
      "layer “\(layer)” (\(kind)) takes \(expected), but \(found) were given"
    case .inputRank(let layer, let kind, let expected, let found):
      "layer “\(layer)” (\(kind)) takes \(expected), but its input has the shape \(found)"
    case .inputTooSmall(let layer, let kind, let window, let found):
      "layer “\(layer)” (\(kind)) slides a window of \(window), but its input is only \(found); use larger images"
    case .inputsDiffer(let layer, let kind, let expected, let found):
      "layer “\(layer)” (\(kind)) joins inputs that do not fit together: \(expected) and \(found)"
    case .invalidOption(let layer, let kind, let option, let expected, let found):
      "layer “\(layer)” (\(kind)) has \(option) \(found); expected \(expected)"
    case .tooLarge(let layer, let kind, let shape):
      "layer “\(layer)” (\(kind)) would need a tensor of the shape \(shape), more than any memory holds"
    case .duplicateName(let name):
      "two layers are named “\(name)”; names must differ within a network"
    case .sharedParameter(let name, let expected, let found):
      "“\(name)” would need two shapes, \(expected) and \(found): nodes that share a layer must take inputs of one kind, "
        + "and different layers must have different names"
    case .unknownLayer(let name, let suggestions):
      "there is no layer “\(name)”" + didYouMean(suggestions)
    case .unknownKind(let kind):
      "layers of the kind “\(kind)” are unknown to this version"
    case .noSoftmax(let output):
      "the output “\(output)” is no softmax, so there are no logits before it"
    case .noSigmoid(let output):
      "the output “\(output)” is no sigmoid, so there are no logits before it"
    case .noFeatureMap(let outputs):
      "where the classifier of this network begins cannot be told: \(outputs.joined(separator: ", ")) does not come from a "
        + "single feature map. Name the layer whose output the new head shall have"
    }
  }

  public var errorDescription: String? { description }
}
