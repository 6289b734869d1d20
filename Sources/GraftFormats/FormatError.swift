import Foundation

/// What can be wrong with a file that Graft reads or writes. `description` says it in words meant for the user:
/// what was found, where, what was expected, and what to do next.
public enum FormatError: Error, Equatable, Sendable, Codable {
  case fileNotFound(path: String)
  case isDirectory(path: String)
  /// The system refused; `reason` is its own word for why.
  case unreadable(path: String, reason: String)
  case emptyFile(path: String)
  /// The first bytes belong to another kind of file. `expected` has its article: "a safetensors file".
  case wrongKind(path: String, expected: String, found: FileSignature, byteCount: Int)
  /// The header announces more bytes than the file has.
  case truncated(path: String, byteCount: Int, expected: Int)
  /// The file breaks the rules of its own format. `reason` is a clause: "its header is no JSON".
  case malformed(path: String, format: String, reason: String)
  /// So damaged that the library that reads it came to grief. `happening` ends the sentence "reading it …".
  case damaged(path: String, happening: String)
  /// A sound file with something that Graft does not read; `advice` is a sentence.
  case unsupported(path: String, content: String, advice: String)
  /// HDF5, but without the layers that Keras writes; `found` names what the root holds.
  case notKerasWeights(path: String, found: [String])
  case kerasThreeWeights(path: String)
  case missingLayer(path: String, layer: String)
  case missingWeight(path: String, layer: String, weight: String)
  case writeFailed(path: String, reason: String)
  /// A folder to be written whole exists already and is not empty.
  case targetExists(path: String)
}

extension FormatError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .fileNotFound(let path):
      "There is no file at \(path). Check the path."
    case .isDirectory(let path):
      "\(path) is a folder, where a file was expected. Name the file in it."
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason)."
    case .emptyFile(let path):
      "\(path) is empty: it holds 0 bytes. Download it again."
    case .wrongKind(let path, let expected, let found, let byteCount):
      "\(path) \(found.mismatch(expected: expected, byteCount: byteCount))"
    case .truncated(let path, let byteCount, let expected):
      "\(path) is cut off: it holds \(byteCount.grouped) bytes of the \(expected.grouped) that its header announces. "
        + "Download it again."
    case .malformed(let path, let format, let reason):
      "\(path) is not a valid \(format) file: \(reason). Download it again, or write it again with the program that "
        + "made it."
    case .damaged(let path, let happening):
      "\(path) is damaged: reading it \(happening). Download it again, or write it again with the program that made it."
    case .unsupported(let path, let content, let advice):
      "\(path) holds \(content), which Graft does not read. \(advice)"
    case .notKerasWeights(let path, let found):
      "\(path) is an HDF5 file, but holds no Keras weights: its root has no attribute 'layer_names' and no group "
        + "'model_weights', \(found.isEmpty ? "and is empty" : "only \(found.summary)"). "
        + "Name a file that Keras wrote with `model.save` or `model.save_weights`."
    case .kerasThreeWeights(let path):
      "\(path) is a weights file of Keras 3 (.weights.h5), which only the model's own description can place. "
        + "Write that with `model.to_json()` and name it with --backbone, or save all in one: `model.save(\"model.keras\")`."
    case .missingLayer(let path, let layer):
      "\(path) lists the layer '\(layer)' but holds no group of that name. Download it again."
    case .missingWeight(let path, let layer, let weight):
      "\(path) lists the weight '\(weight)' of the layer '\(layer)' but holds no such data set. Download it again."
    case .writeFailed(let path, let reason):
      "\(path) cannot be written: \(reason)."
    case .targetExists(let path):
      "\(path) exists already and is not empty. Name another folder, or remove it first."
    }
  }
}

extension FormatError: LocalizedError {
  public var errorDescription: String? { description }
}

extension Int {
  /// `102,853,048`: as a person reads it.
  var grouped: String {
    let digits = Array(String(magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[Swift.max(0, $0 - 3)..<$0]) }
    return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }
}

extension [String] {
  /// The first few, quoted, for a message.
  var summary: String {
    let shown = prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    return count > 5 ? "\(shown) and \(count - 5) more" : shown
  }
}
