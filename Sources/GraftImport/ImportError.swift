import Foundation
import GraftGraph
import GraftTensors

/// Why a weight file cannot be bound to a network. Files that cannot be read at all throw `FormatError`.
public enum ImportError: Error, Hashable {
  /// The file's layers are not the network's.
  case wrongArchitecture(
    file: String, architecture: String, expected: [Int], found: Int, examples: [String], likely: String?)
  case shapeMismatch(
    file: String, layer: String, tensor: String, expected: Shape, found: Shape, likelyCause: String)
  case tensorCount(file: String, layer: String, expected: Int, found: Int)
  case missingTensor(file: String, tensor: String, shape: Shape, suggestions: [String])
  case noPreprocessing(file: String, known: [String])
  case notGraft(file: String, missing: String)
  /// A Keras configuration is damaged, at one of its layers where that is known.
  case kerasConfiguration(file: String, layer: String?, reason: String)
  /// Layers of a Keras model that a graph cannot express: all of them.
  case kerasLayers(file: String, problems: [KerasProblem])
  /// A tensor holds no floating-point numbers.
  case elementType(file: String, tensor: String, found: String)
  case wrongChannels(file: String, channels: Int, preprocessing: String)
  /// Numbers alone.
  case noDescription(file: String)
  /// A whole network, where the numbers of one given by name were wanted.
  case describesItself(file: String)
  /// Graft's own description of a network, in which something is wrong.
  case unreadableGraph(file: String, reason: String)
  /// Operators of an ONNX file that no layer stands for.
  case unsupportedOperators(file: String, operators: [UnsupportedOperator])
  /// An ONNX graph as a whole that is none of a network; the reason is a clause about the file.
  case unsuitableGraph(file: String, reason: String)
  /// A PyTorch network that lacks tensors of the architecture, or has some that it has no place for.
  case otherNetwork(file: String, architecture: String, missing: [String], surplus: [String], likely: String?)
  /// A PyTorch network whose names and shapes are no known architecture's.
  case unknownNetwork(file: String, tensors: Int, examples: [String])
  /// `reason` follows "is a tensor".
  case unreadableTensor(file: String, tensor: String, reason: String)
}

extension ImportError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .wrongArchitecture(let file, let architecture, let expected, let found, let examples, let likely):
      "\(file) is not for \(architecture): it has \(found) layers with weights (\(examples.joined(separator: ", ")), …), "
        + "where \(architecture) has \(expected.map(String.init).joined(separator: " or "))"
        + (likely.map { ". It fits \($0): try --backbone \($0)" } ?? ". Check which network the file was saved from")
    case .shapeMismatch(let file, let layer, let tensor, let expected, let found, let likelyCause):
      "“\(tensor)” in \(file) has the shape \(found), but layer “\(layer)” needs \(expected). \(likelyCause)"
    case .tensorCount(let file, let layer, let expected, let found):
      "layer “\(layer)” in \(file) has \(found) tensors, but the network's layer has \(expected). "
        + "The file was saved from a network that differs here"
    case .missingTensor(let file, let tensor, let shape, let suggestions):
      "\(file) lacks “\(tensor)” of the shape \(shape)\(didYouMean(suggestions))"
    case .noPreprocessing(let file, let known):
      "what \(file) wants done to images is not known; say it with --preprocessing \(known.joined(separator: "|"))"
    case .notGraft(let file, let missing):
      "\(file) was not written by Graft: its metadata lack “\(missing)”"
    case .kerasConfiguration(let file, nil, let reason):
      "the configuration of \(file) cannot be used: \(reason)"
    case .kerasConfiguration(let file, .some(let layer), let reason):
      "the configuration of \(file) cannot be used: layer “\(layer)”: \(reason)"
    case .kerasLayers(let file, let problems):
      "\(file) has \(problems.count == 1 ? "a layer" : "\(problems.count) layers") that Graft cannot express: "
        + problems.prefix(20).map(\.description).joined(separator: "; ")
        + (problems.count > 20 ? "; and \(problems.count - 20) more" : "")
    case .elementType(let file, let tensor, let found):
      "“\(tensor)” in \(file) holds numbers of the type \(found), and weights are floating-point"
    case .wrongChannels(let file, let channels, let preprocessing):
      "\(file) takes images of \(channels) channel\(channels == 1 ? "" : "s"), which the preprocessing “\(preprocessing)” "
        + "does not give" + (channels == 1 ? "; for grey images choose tf, unit or raw" : "; photographs have 3")
    case .unsupportedOperators(let file, let operators):
      "\(file) cannot become a graph of layers: " + UnsupportedOperator.summary(operators)
    case .unsuitableGraph(let file, let reason):
      "\(file) cannot become a graph of layers: \(reason)"
    case .describesItself(let file):
      "\(file) describes a network of its own, so no other is to be named; take it as it is: --backbone \(file)"
    case .noDescription(let file):
      "\(file) holds numbers, but not the network that they belong to; name it: --backbone NAME --weights \(file)"
    case .unreadableGraph(let file, let reason):
      "the network that \(file) describes (graft.graph) cannot be read: \(reason). Export it again"
    case .otherNetwork(let file, let architecture, let missing, let surplus, let likely):
      "\(file) is not for \(architecture): it "
        + [
          missing.isEmpty ? nil : "lacks \(someOf(missing)) of its tensors",
          surplus.isEmpty ? nil : "has \(someOf(surplus)) that have no place there",
        ].compactMap { $0 }.joined(separator: " and ")
        + (likely.map { ". It fits \($0): try --backbone \($0)" } ?? ". Check which network the file was saved from")
    case .unknownNetwork(let file, let tensors, let examples):
      "\(file) holds \(tensors) tensors (\(examples.joined(separator: ", ")), …) whose names and shapes are those of no "
        + "network that Graft knows, and a state dictionary does not say how its network computes. "
        + "Export the model from PyTorch to ONNX, which does: torch.onnx.export(model, images, \"model.onnx\")"
    case .unreadableTensor(let file, let tensor, let reason):
      "“\(tensor)” in \(file) is a tensor \(reason), which no layer takes; save the network with floating-point weights"
    }
  }

  public var errorDescription: String? { description }
}

/// `3 (a, b, c)`, `20 (a, b, c, …)`.
private func someOf(_ names: [String]) -> String {
  "\(names.count) (\(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? ", …" : ""))"
}
