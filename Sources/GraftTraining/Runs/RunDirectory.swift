import Foundation
import GraftFormats
import GraftTensors

/// A finished training as a folder: model, history, and how it came about. Written whole or not at all.
public enum RunDirectory {
  public static let record = "run.json"
  public static let history = "history.csv"

  /// Writes a run and proves that what was frozen is unchanged.
  ///
  /// - Parameters:
  ///   - frozen: the frozen parameters as a fresh look into the source file gives them, nil where it lacks one; compared
  ///     by hash with the tensors read back from the folder's own file. nil where the source can no longer be read.
  /// - Returns: the record as written, with the verdict on the frozen tensors.
  /// - Throws: `FormatError` where the folder exists already or cannot be written.
  @discardableResult
  public static func write(
    _ record: RunRecord, model: TrainedModel, frozen: [(name: String, tensor: Tensor?)]?, to folder: URL
  ) throws -> RunRecord {
    try AtomicDirectory.write(to: folder) { temporary in
      try ModelFiles.write(model, to: temporary)
      var record = record
      record.frozenUnchanged = try frozen.map { try isUnchanged($0, in: temporary) }
      try write(csv(record.history), to: temporary.appending(path: Self.history))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.dateEncodingStrategy = .iso8601
      encoder.keyEncodingStrategy = .convertToSnakeCase
      try write(
        String(decoding: encoder.encode(record), as: UTF8.self), to: temporary.appending(path: Self.record))
      return record
    }
  }

  private static func isUnchanged(_ frozen: [(name: String, tensor: Tensor?)], in folder: URL) throws -> Bool {
    let written = try SafetensorsFile(contentsOf: folder.appending(path: ModelFiles.weights))
    for (name, tensor) in frozen {
      guard let tensor, let found = written[name],
        try ContentHash.sha256(of: found) == ContentHash.sha256(of: tensor.contiguous())
      else { return false }
    }
    return true
  }

  private static func csv(_ history: [EpochRecord]) -> String {
    let header = "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds"
    let lines = history.map {
      "\($0.epoch),\($0.loss),\($0.accuracy),\($0.valLoss),\($0.valAccuracy),\($0.learningRate),\($0.seconds)"
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  private static func write(_ text: String, to url: URL) throws {
    try AtomicFile.write(to: url) { try $0.write(text.utf8) }
  }
}
