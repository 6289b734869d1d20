import Foundation
import GraftFormats
import GraftTensors

/// A parameter that must not change, as it was.
public struct FrozenTensor: Hashable, Sendable {
  public let name: String
  /// Of its numbers; nil where the source has none of that name.
  let sha256: String?

  /// Takes the hash alone, so that nobody has to hold a network's numbers a second time while its run is written.
  public init(_ name: String, _ tensor: Tensor?) throws {
    self.name = name
    sha256 = try tensor.map { try ContentHash.sha256(of: $0.contiguous()) }
  }
}

/// A finished training as a folder: model, history, and how it came about. Written whole or not at all.
public enum RunDirectory {
  public static let record = "run.json"
  public static let history = "history.csv"

  /// Writes a run and proves that what was frozen is unchanged.
  ///
  /// - Parameters:
  ///   - frozen: the frozen parameters as a fresh look into the source file gives them; compared with the tensors read back from
  ///     the folder's own file. nil where the source can no longer be read.
  ///   - plan: that was followed.
  ///   - validation: what the kept model makes of the validation images.
  /// - Returns: the record as written, with the verdict on the frozen tensors.
  /// - Throws: `FormatError` where the folder exists already or cannot be written.
  @discardableResult
  public static func write(
    _ record: RunRecord, model: TrainedModel, frozen: [FrozenTensor]?, plan: AdaptationPlan? = nil,
    validation: [Prediction] = [], to folder: URL
  ) throws -> RunRecord {
    try fill(folder) { temporary in
      try ModelFiles.write(model, to: temporary)
      var record = record
      record.frozenUnchanged = try frozen.map { try isUnchanged($0, in: temporary) }
      try write(csv(record.history), to: temporary.appending(path: Self.history))
      try plan?.write(to: temporary.appending(path: AdaptationPlan.name))
      if !validation.isEmpty {
        try ValidationPredictions(validation, tasks: model.tasks).write(
          to: temporary.appending(path: ValidationPredictions.fileName))
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.dateEncodingStrategy = .iso8601
      encoder.keyEncodingStrategy = .convertToSnakeCase
      try write(
        String(decoding: encoder.encode(record), as: UTF8.self), to: temporary.appending(path: Self.record))
      return record
    }
  }

  /// Writes the files whole or not at all: as a new folder, or into that of a training under way, where the record comes last, so that
  /// whoever finds it finds everything.
  private static func fill<Result>(_ folder: URL, _ body: (URL) throws -> Result) throws -> Result {
    let files = FileManager.default
    guard files.fileExists(atPath: folder.appending(path: TrainingManifest.name).path) else {
      return try AtomicDirectory.write(to: folder, body)
    }
    let parts = folder.appending(path: ".finished")
    try? files.removeItem(at: parts)
    // What a process that was killed while it wrote has left; the folder has one owner.
    for name in try files.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".partial") {
      try? files.removeItem(at: folder.appending(path: name))
    }
    let result = try AtomicDirectory.write(to: parts, body)
    let names = try files.contentsOfDirectory(atPath: parts.path).sorted()
    for name in names.filter({ $0 != record }) + [record] {
      try AtomicFile.move(parts.appending(path: name), to: folder.appending(path: name))
    }
    try? files.removeItem(at: parts)
    return result
  }

  private static func isUnchanged(_ frozen: [FrozenTensor], in folder: URL) throws -> Bool {
    let written = try SafetensorsFile(contentsOf: folder.appending(path: ModelFiles.weights))
    return try frozen.allSatisfy { frozen in
      guard let hash = frozen.sha256, let found = written[frozen.name] else { return false }
      return try ContentHash.sha256(of: found) == hash
    }
  }

  private static func csv(_ history: [EpochRecord]) -> String {
    let metrics = Set(history.flatMap(\.metrics.keys)).sorted()
    let hasTarget = history.contains { $0.coral != nil }
    let hasAccuracy = history.contains { $0.accuracy != nil || $0.valAccuracy != nil }
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    let header =
      ["epoch", "stage", "loss"] + (hasAccuracy ? ["accuracy"] : []) + (hasTarget ? ["coral"] : []) + ["val_loss"]
      + (hasAccuracy ? ["val_accuracy"] : []) + metrics.map { "val_" + $0 } + ["learning_rate", "seconds"]
    let lines = history.map { epoch in
      ["\(epoch.epoch)", "\(epoch.stage)", "\(epoch.loss)"] + (hasAccuracy ? [text(epoch.accuracy)] : [])
        + (hasTarget ? [text(epoch.coral)] : []) + ["\(epoch.valLoss)"] + (hasAccuracy ? [text(epoch.valAccuracy)] : [])
        + metrics.map { text(epoch.metrics[$0]) } + ["\(epoch.learningRate)", "\(epoch.seconds)"]
    }
    return ([header] + lines).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  private static func write(_ text: String, to url: URL) throws {
    try AtomicFile.write(to: url) { try $0.write(text.utf8) }
  }
}
