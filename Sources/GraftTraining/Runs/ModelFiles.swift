import Foundation
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors

/// A model on disk: `model.json` (network, classes, what is done to images) and `model.safetensors` (numbers).
public enum ModelFiles {
  public static let description = "model.json"
  public static let weights = "model.safetensors"

  /// Writes both files into an existing folder.
  public static func write(_ model: TrainedModel, to folder: URL) throws {
    let tensors = model.graph.parameters.compactMap { parameter in
      model.parameters[parameter.name].map { (name: parameter.name, tensor: $0) }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let preprocessing = String(decoding: try encoder.encode(model.preprocessing), as: UTF8.self)
    try SafetensorsFile.write(
      tensors, metadata: ["format": "graft", "preprocessing": preprocessing],
      to: folder.appending(path: weights))
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let description = try ModelDescription(
      graph: model.graph, classes: model.classes, head: model.head.sorted(), view: model.view,
      preprocessing: model.preprocessing,
      sha256: Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, try ContentHash.sha256(of: $0.tensor)) }))
    let json = try encoder.encode(description)
    try AtomicFile.write(to: folder.appending(path: Self.description)) { try $0.write(json) }
  }

  /// Reads a model; its numbers stay in the mapped file.
  ///
  /// - Throws: `TrainingError.notARun` where a file is missing, `unreadableRun` where one makes no sense.
  public static func read(from folder: URL) throws -> TrainedModel {
    let file = folder.appending(path: description)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw TrainingError.notARun(path: folder.relativePath, missing: description)
    }
    let saved: ModelDescription
    do {
      saved = try JSONDecoder().decode(ModelDescription.self, from: Data(contentsOf: file))
    } catch {
      throw TrainingError.unreadableRun(path: file.relativePath, reason: Self.reason(error))
    }
    let weights = try SafetensorsFile(contentsOf: folder.appending(path: weights))
    let parameters = Parameters(
      Dictionary(weights.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first }))
    guard saved.graph.output?.shape == [saved.classes.count] else {
      throw TrainingError.unreadableRun(
        path: file.relativePath, reason: "its \(saved.classes.count) classes are not the network's outputs")
    }
    return TrainedModel(
      graph: saved.graph, parameters: parameters, classes: saved.classes, head: Set(saved.head), view: saved.view,
      preprocessing: saved.preprocessing)
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context): context.debugDescription
    case DecodingError.keyNotFound(let key, _): "“\(key.stringValue)” is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.debugDescription
    default: "\(error)"
    }
  }
}

/// The content of `model.json`.
struct ModelDescription: Codable {
  var formatVersion = 1
  var graph: LayerGraph
  var classes: [String]
  var head: [String]
  var view: EvaluationView
  var preprocessing: Preprocessing
  /// Of each tensor, as `ContentHash` computes it.
  var sha256: [String: String]
}
