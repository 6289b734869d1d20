import Foundation
import GraftFormats
import GraftGraph
import GraftTensors

/// A training as it stood between two steps, to the last bit: what going on needs beside the photographs and the network that it
/// started from.
struct Checkpoint: Sendable {
  var state: TrainingState
  /// What training has changed so far, of this stage and of those before.
  var parameters: Parameters
  /// What the optimizer remembers, by the names that `ParameterUpdater` gives.
  var optimizer: [String: Tensor]
  /// What is kept of the best epoch (`BestEpoch`); empty before the first has ended.
  var best: [String: Tensor]
}

extension Checkpoint {
  /// The content of `state.json`.
  struct Description: Codable {
    var formatVersion = currentVersion
    var identity: TrainingIdentity
    var state: TrainingState
    /// Of `state.safetensors`.
    var sha256: String
    /// The file beside the checkpoint's folder that holds the best epoch's parameters, and its hash; nil before the first
    /// epoch has ended.
    var best: BestFile?
  }

  /// What `state.json` is looked at for before the rest of it is believed to be understood.
  private struct Version: Decodable {
    let formatVersion: Int
  }

  struct BestFile: Codable, Hashable {
    var name: String
    var sha256: String
  }

  static let currentVersion = 1
  static let stateName = "state.json"
  static let tensorsName = "state.safetensors"
  private static let parameterPrefix = "parameters/"

  /// Writes `state.json` and `state.safetensors` into an existing folder.
  func write(to folder: URL, identity: TrainingIdentity, best: BestFile?) throws {
    let file = folder.appending(path: Self.tensorsName)
    let tensors =
      parameters.tensors.map { (name: Self.parameterPrefix + $0, tensor: $1) }
      + optimizer.map { (name: $0, tensor: $1) }
    try SafetensorsFile.write(tensors.sorted { $0.name < $1.name }, to: file)
    let description = try Description(
      identity: identity, state: state, sha256: ContentHash.sha256(contentsOf: file), best: best)
    let json = try Self.encoder.encode(description)
    try AtomicFile.write(to: folder.appending(path: Self.stateName)) { try $0.write(json) }
  }

  /// Reads a checkpoint's folder.
  ///
  /// - Throws: `TrainingError.checkpointOfAnotherVersion`; other errors where anything is missing, or is not what was written.
  static func read(from folder: URL) throws -> (checkpoint: Checkpoint, description: Description) {
    let json = try Data(contentsOf: folder.appending(path: stateName))
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let version = try decoder.decode(Version.self, from: json).formatVersion
    guard version == currentVersion else {
      throw TrainingError.checkpointOfAnotherVersion(
        path: folder.relativePath, found: version, expected: currentVersion)
    }
    let description = try decoder.decode(Description.self, from: json)
    let all = try tensors(of: folder.appending(path: tensorsName), sha256: description.sha256)
    var parameters = Parameters()
    var optimizer: [String: Tensor] = [:]
    for (name, tensor) in all {
      if let parameter = name.removing(prefix: parameterPrefix) {
        parameters[parameter] = tensor
      } else {
        optimizer[name] = tensor
      }
    }
    var best: [String: Tensor] = [:]
    if let file = description.best {
      let url = folder.deletingLastPathComponent().appending(path: file.name)
      for (name, tensor) in try tensors(of: url, sha256: file.sha256) { best[name] = tensor }
    }
    let checkpoint = Checkpoint(
      state: description.state, parameters: parameters, optimizer: optimizer, best: best)
    return (checkpoint, description)
  }

  private static func tensors(of url: URL, sha256: String) throws -> [(name: String, tensor: Tensor)] {
    guard try ContentHash.sha256(contentsOf: url) == sha256 else {
      throw TrainingError.damagedCheckpoint(path: url.relativePath)
    }
    return try SafetensorsFile(contentsOf: url).tensors
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // A loss may be infinite, and the training still go on.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}
