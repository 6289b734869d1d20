import Foundation
import GraftFormats
import GraftGraph
import GraftImport
import GraftPlanning
import GraftTensors
import GraftTraining

extension FineTuning {
  /// Writes a finished training as a run directory.
  ///
  /// The frozen tensors of the directory's own file are compared, by hash, with a fresh look into the file that they
  /// came from; the record says what came of it.
  ///
  /// - Parameters:
  ///   - folder: must not exist, or be empty.
  ///   - command: the words that led to the run, for the record.
  /// - Throws: `FormatError` where the folder cannot be written; nothing is left behind then.
  @discardableResult
  public func save(
    _ result: TrainingResult, to folder: URL, command: [String] = CommandLine.arguments, started: Date = .now
  ) throws -> RunRecord {
    let logits = try trainer.model.logits
    let record = RunRecord(
      command: command, version: graftVersion, started: started, source: sourceRecord,
      data: data.training.first.map { Self.root(of: $0.url, path: $0.path) } ?? "", unfreeze: planWords,
      trainableLayers: plan.trainableLayers.sorted(), frontier: plan.frontier(of: logits),
      configuration: trainer.configuration, precisionChoice: precisionChoice,
      featuresMeasuredOn: featureStandardization?.measuredOn, teacher: trainer.teacher?.record,
      target: trainer.target?.record, result: result)
    // A file that has been moved since must not cost the training; the record then says that nothing was compared.
    let frozen = try (try? startingParameters()).map { start in
      try trainer.frozenParameters.map { try FrozenTensor($0.name, start[$0.name]) }
    }
    return try RunDirectory.write(
      record, model: result.model, frozen: frozen, plan: adaptationPlan, validation: result.validation, to: folder)
  }

  /// The parameters that the training started from, read from their file anew.
  private func startingParameters() throws -> Parameters {
    switch source {
    case .run(let folder):
      return try ModelFiles.read(from: folder).parameters
    case .backbone(let backbone):
      return try backbone.readAnew()
    }
  }

  private static func root(of url: URL, path: String) -> String {
    url.path.hasSuffix("/" + path) ? String(url.path.dropLast(path.count + 1)) : url.deletingLastPathComponent().path
  }
}

extension Backbone.Origin {
  /// What a run's record says of it, and the hash of the whole file, empty where there is none.
  fileprivate func record() throws -> (backbone: String, weights: String, sha256: String) {
    switch self {
    case .model(let url):
      (url.lastPathComponent, url.relativePath, try ContentHash.sha256(contentsOf: url))
    case .configuration(let url, let weights):
      (url.lastPathComponent, weights.relativePath, try ContentHash.sha256(contentsOf: weights))
    case .weights(let url, let architecture):
      (architecture.name, url.relativePath, try ContentHash.sha256(contentsOf: url))
    case .embedded(let embedded, let architecture):
      (architecture.name, "embedded", try ContentHash.sha256(of: embedded.bytes))
    case .random(let architecture): (architecture.name, "random", "")
    }
  }
}

extension FineTuning.Source {
  /// What a run's record says of it, taken before the training.
  func record() throws -> RunRecord.Source {
    switch self {
    case .run(let folder):
      let file = folder.appending(path: ModelFiles.weights)
      return try .init(
        backbone: folder.relativePath, weights: file.relativePath, sha256: ContentHash.sha256(contentsOf: file),
        knownAs: nil)
    case .backbone(let backbone):
      let (name, weights, sha256) = try backbone.origin.record()
      return .init(backbone: name, weights: weights, sha256: sha256, knownAs: backbone.known?.title)
    }
  }
}
