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
  case unsupportedFile(file: String, found: String)
  case notGraft(file: String, missing: String)
  case wrongChannels(file: String, channels: Int, preprocessing: String)
  /// Numbers alone.
  case noDescription(file: String)
  /// Graft's own description of a network, in which something is wrong.
  case unreadableGraph(file: String, reason: String)
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
    case .unsupportedFile(let file, let found):
      "\(file) is \(found); weights can be read from Keras HDF5 (.h5) and from Graft's own .safetensors"
    case .notGraft(let file, let missing):
      "\(file) was not written by Graft: its metadata lack “\(missing)”"
    case .wrongChannels(let file, let channels, let preprocessing):
      "\(file) takes images of \(channels) channel\(channels == 1 ? "" : "s"), which the preprocessing “\(preprocessing)” "
        + "does not give" + (channels == 1 ? "; for grey images choose tf, unit or raw" : "; photographs have 3")
    case .noDescription(let file):
      "\(file) holds numbers, but not the network that they belong to; name it: --backbone NAME --weights \(file)"
    case .unreadableGraph(let file, let reason):
      "the network that \(file) describes (graft.graph) cannot be read: \(reason). Export it again"
    }
  }

  public var errorDescription: String? { description }
}
