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
    let logits = try graph.withoutFinalSoftmax()
    let record = try RunRecord(
      command: command, version: graftVersion, started: started, source: sourceRecord(),
      data: data.training.first.map { Self.root(of: $0.url, path: $0.path) } ?? "", unfreeze: "\(unfreeze)",
      trainableLayers: plan.trainableLayers.sorted(), frontier: plan.frontier(of: logits),
      configuration: trainer.configuration, result: result)
    let start = try startingParameters()
    let frozen = plan.frozenParameters(of: graph).compactMap { parameter in
      start[parameter.name].map { (name: parameter.name, tensor: $0) }
    }
    return try RunDirectory.write(record, model: result.model, frozen: frozen, to: folder)
  }

  /// The parameters that the training started from, read from their file anew.
  private func startingParameters() throws -> Parameters {
    switch source {
    case .run(let folder):
      return try ModelFiles.read(from: folder).parameters
    case .backbone(let backbone):
      guard let weights = backbone.weights else { return backbone.parameters }
      return try ImportedNetwork(backbone.architecture, weights: weights, inputSize: backbone.inputSize).parameters
    }
  }

  private func sourceRecord() throws -> RunRecord.Source {
    switch source {
    case .run(let folder):
      let file = folder.appending(path: ModelFiles.weights)
      return try .init(
        backbone: folder.relativePath, weights: file.relativePath, sha256: ContentHash.sha256(contentsOf: file),
        knownAs: nil)
    case .backbone(let backbone):
      return try .init(
        backbone: backbone.architecture.name, weights: backbone.weights?.relativePath ?? "random",
        sha256: backbone.weights.map { try ContentHash.sha256(contentsOf: $0) } ?? "", knownAs: backbone.known?.title)
    }
  }

  private static func root(of url: URL, path: String) -> String {
    url.path.hasSuffix("/" + path) ? String(url.path.dropLast(path.count + 1)) : url.deletingLastPathComponent().path
  }
}
