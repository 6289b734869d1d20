import Foundation
import GraftExport
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors
import Synchronization

/// A model on disk: `model.json` (network, classes, what is done to images, hashes) and `model.safetensors`, the numbers as
/// `SafetensorsExporter` writes them: a network file of its own, too.
public enum ModelFiles {
  public static let description = "model.json"
  public static let weights = "model.safetensors"

  /// Writes both files into an existing folder.
  ///
  /// - Throws: `ExportError.missingParameter`; `FormatError` where a file cannot be written.
  public static func write(_ model: TrainedModel, to folder: URL) throws {
    try SafetensorsExporter().write(
      ExportedModel(
        graph: model.graph, parameters: model.parameters, labels: model.classes, preprocessing: model.preprocessing),
      to: folder.appending(path: weights))
    let tensors = model.graph.parameters.compactMap { parameter in
      model.parameters[parameter.name].map { (name: parameter.name, tensor: $0) }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let description = try ModelDescription(
      graph: model.graph, classes: model.classes, tasks: model.tasks, head: model.head.sorted(), view: model.view,
      preprocessing: model.preprocessing,
      sha256: Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, try ContentHash.sha256(of: $0.tensor)) }))
    let json = try encoder.encode(description)
    try AtomicFile.write(to: folder.appending(path: Self.description)) { try $0.write(json) }
  }

  /// Reads a model; its numbers stay in the mapped file.
  ///
  /// - Throws: `TrainingError.notARun` where a file is missing, `unreadableRun` where one makes no sense or the numbers
  ///   are not those that were saved; `FormatError` where the numbers cannot be read at all.
  public static func read(from folder: URL) throws -> TrainedModel {
    let file = folder.appending(path: description)
    let numbers = folder.appending(path: weights)
    for (url, name) in [(file, description), (numbers, weights)]
    where !FileManager.default.fileExists(atPath: url.path) {
      throw TrainingError.notARun(path: folder.relativePath, missing: name)
    }
    let saved: ModelDescription
    do {
      let json = try Data(contentsOf: file)
      try requirePlausibleNumbers(json)
      saved = try JSONDecoder().decode(ModelDescription.self, from: json)
    } catch {
      throw TrainingError.unreadableRun(path: file.relativePath, reason: Self.reason(error))
    }
    if let reason = saved.contradiction {
      throw TrainingError.unreadableRun(path: file.relativePath, reason: reason)
    }
    let parameters = try Parameters(
      Dictionary(
        SafetensorsFile(contentsOf: numbers).tensors.map { ($0.name, $0.tensor) },
        uniquingKeysWith: { first, _ in first })
    )
    if let damaged = firstDamaged(saved, parameters) {
      throw TrainingError.unreadableRun(
        path: numbers.relativePath,
        reason: "“\(damaged)” is missing or not what was saved (by the SHA-256 in \(description))")
    }
    return TrainedModel(
      graph: saved.graph, parameters: parameters, tasks: saved.allTasks, head: Set(saved.head), view: saved.view,
      preprocessing: saved.preprocessing)
  }

  /// What a model's heads tell, without reading the rest of it; nil where its description cannot be read.
  public static func tasks(in folder: URL) -> [PredictionTask]? {
    struct Excerpt: Decodable {
      let classes: [String]
      let tasks: [PredictionTask]?
    }
    guard let json = try? Data(contentsOf: folder.appending(path: description)),
      let excerpt = try? JSONDecoder().decode(Excerpt.self, from: json)
    else { return nil }
    return excerpt.tasks ?? [.classification(classes: excerpt.classes)]
  }

  /// The first parameter that is missing or not what was saved. Hashed on all processors: of a large network that is most
  /// of the time until a photograph is classified.
  private static func firstDamaged(_ saved: ModelDescription, _ parameters: Parameters) -> String? {
    let expected = saved.graph.parameters.sorted { $0.shape.count > $1.shape.count }
    let damaged = Mutex(Set<String>())
    DispatchQueue.concurrentPerform(iterations: expected.count) { index in
      let parameter = expected[index]
      if let tensor = parameters[parameter.name], tensor.shape == parameter.shape,
        let hash = try? ContentHash.sha256(of: tensor), hash == saved.sha256[parameter.name]
      {
        return
      }
      damaged.withLock { _ = $0.insert(parameter.name) }
    }
    let names = damaged.withLock(\.self)
    return saved.graph.parameters.first { names.contains($0.name) }?.name
  }

  /// Sizes and counts are added and multiplied when a graph is rebuilt; none of a real network comes near this.
  private static func requirePlausibleNumbers(_ json: Data) throws {
    if let number = JSONNumbers.first(in: json, where: { abs($0) > 0x1p31 }) {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "the number \(number) is larger than any network needs"))
    }
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
  /// What the first output's numbers are of.
  var classes: [String]
  /// One for each output; nil in files of the time when all were classifiers.
  var tasks: [PredictionTask]?
  var head: [String]
  var view: EvaluationView
  var preprocessing: Preprocessing
  /// Of each tensor, as `ContentHash` computes it.
  var sha256: [String: String]
}

extension ModelDescription {
  var allTasks: [PredictionTask] { tasks ?? [.classification(classes: classes)] }

  /// What of the description cannot be, whoever wrote it; nil where all fits together.
  fileprivate var contradiction: String? {
    let input = graph.inputs.first?.shape ?? []
    let channels = preprocessing.mean.count
    return if formatVersion != 1 {
      "it is of version \(formatVersion), and this Graft reads version 1"
    } else if channels != preprocessing.channelOrder.count || preprocessing.standardDeviation.count != channels {
      "its preprocessing contradicts itself about the number of channels"
    } else if graph.outputs.count != allTasks.count {
      "it has \(allTasks.count) tasks and \(graph.outputs.count) outputs"
    } else if allTasks.first?.names != classes {
      "its classes are not those of its first task"
    } else if let task = contradictingTask {
      "its \(task.names.count) classes are not the network's outputs"
    } else if graph.inputs.count != 1 || input != [channels, view.height, view.width] {
      "its images of \(view.height)×\(view.width) are not what the network takes, \(input)"
    } else {
      nil
    }
  }

  /// A task that has not as many names as its output has numbers.
  private var contradictingTask: PredictionTask? {
    zip(graph.outputs, allTasks).first { name, task in graph[name]?.shape != [task.names.count] }?.1
  }
}
