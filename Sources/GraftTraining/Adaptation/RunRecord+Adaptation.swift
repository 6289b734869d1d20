import Foundation
import GraftEngine
import GraftImages

extension RunRecord {
  /// The record of a run, as its `run.json` has it.
  ///
  /// - Throws: `TrainingError.notARun`, `.unreadableRun`.
  public static func read(from folder: URL) throws -> RunRecord {
    let file = folder.appending(path: RunDirectory.record)
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
      throw TrainingError.notARun(path: folder.relativePath, missing: RunDirectory.record)
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in RecordKey(path.last?.stringValue ?? "") }
    decoder.dateDecodingStrategy = .iso8601
    do {
      return try decoder.decode(RunRecord.self, from: Data(contentsOf: file))
    } catch {
      throw TrainingError.unreadableRun(path: file.relativePath, reason: "it is not what this Graft writes")
    }
  }

  /// The record of a run that an adaptation has made of this one: how it was trained is this one's matter, and stays there.
  ///
  /// - Parameters:
  ///   - source: the run that was adapted.
  ///   - data: where the images come from.
  public func adapted(
    _ result: AdaptedModel, source: Source, data: String, command: [String], version: String, started: Date
  ) -> RunRecord {
    var record = self
    (record.command, record.version, record.started) = (command, version, started)
    (record.source, record.data, record.teacher, record.target) = (source, data, nil, nil)
    record.unfreeze = "none: statistics of \(result.layers.count) batch normalisations"
    (record.trainableLayers, record.frontier) = ([], [])
    (record.history, record.savedEpoch) = ([], 0)
    (record.imagesTrain, record.imagesVal) = (result.images, 0)
    record.skipped = Dictionary(
      result.skipped.map { ($0.sample.path, "\($0.reason)") }, uniquingKeysWith: { first, _ in first })
    record.seconds = Date.now.timeIntervalSince(started)
    (record.machine, record.wasInterrupted, record.frozenUnchanged) = (.current, false, nil)
    return record
  }
}

/// A key of `run.json` as the record's properties are called.
private struct RecordKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(_ snakeCase: String) {
    let words = snakeCase.split(separator: "_").map(String.init)
    let camelCase = (words.first ?? "") + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    // The way into snake case loses which letters were capitals.
    stringValue = camelCase == "oneDnn" ? "oneDNN" : camelCase
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
