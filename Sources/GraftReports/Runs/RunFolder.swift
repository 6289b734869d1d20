import Foundation
import GraftFormats
import GraftLearning
import GraftTraining

/// A run directory as reports see it: every file but `run.json` may be missing, and of that every key.
public struct RunFolder: Sendable {
  /// A file that a run has and this one has not, or that makes no sense.
  public struct Gap: Hashable, Sendable, Encodable {
    public let file: String
    public let reason: String
  }

  public let url: URL
  /// As the user named the folder.
  public var path: String { url.relativePath }
  let record: JSONValue
  /// The words that led to the run; empty where it does not say.
  public var command: [String] { record["command"]?.strings ?? [] }
  let plan: JSONValue?
  public let history: RunHistory?
  /// Of `history.csv` and `plan.json`; `predictions()` adds its own.
  public let gaps: [Gap]

  /// Whether a folder says that it is a run.
  public static func isRun(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: RunDirectory.record).path)
  }

  /// - Throws: `TrainingError.notARun` where there is no `run.json`, `.unreadableRun` where it is no JSON object.
  public init(_ url: URL) throws {
    self.url = url
    let file = url.appending(path: RunDirectory.record)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw TrainingError.notARun(path: url.relativePath, missing: RunDirectory.record)
    }
    do {
      record = try Self.json(file)
    } catch {
      throw TrainingError.unreadableRun(path: file.relativePath, reason: "it " + Self.reason(error))
    }
    guard record.members != nil else {
      throw TrainingError.unreadableRun(path: file.relativePath, reason: "it is no JSON object")
    }
    var gaps: [Gap] = []
    func reading<Value>(_ name: String, _ read: (URL) throws -> Value) -> Value? {
      do {
        return try read(url.appending(path: name))
      } catch {
        gaps.append(Gap(file: name, reason: Self.reason(error)))
        return nil
      }
    }
    history = reading(RunDirectory.history) { try RunHistory(contentsOf: $0) } ?? Self.history(in: record)
    plan = reading(Self.planFile) { try Self.json($0) }
    self.gaps = gaps
  }

  static let planFile = "plan.json"

  /// What the saved model makes of the validation images; a gap where that is not known.
  func predictions() -> Result<ValidationPredictions, ReportGap> {
    let name = ValidationPredictions.fileName
    do {
      return .success(
        try ValidationPredictions(contentsOf: url.appending(path: name), tasks: ModelFiles.tasks(in: url)))
    } catch {
      return .failure(ReportGap(gap: Gap(file: name, reason: Self.reason(error))))
    }
  }

  /// What of the mistakes' pictures counted for the model; nil where that was not looked into.
  func mistakeMaps() -> MistakeMaps? { try? MistakeMaps(contentsOf: url.appending(path: MistakeMaps.fileName)) }

  private static func json(_ file: URL) throws -> JSONValue {
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw FormatError.fileNotFound(path: file.relativePath)
    }
    return try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
  }

  /// Without the whole path, which a report must not depend on.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case FormatError.fileNotFound: "is missing"
    case FormatError.malformed(_, _, let reason): "makes no sense: \(reason)"
    case is DecodingError: "is no JSON"
    case let error as FormatError: error.description
    default: "cannot be read"
    }
  }

  /// Older runs, and those whose table is lost, have it in the record too.
  private static func history(in record: JSONValue) -> RunHistory? {
    guard let epochs = record["history"]?.array, let first = epochs.first?.members else { return nil }
    let columns = first.map(\.key)
    return RunHistory(
      CommaSeparatedTable(columns: columns, rows: epochs.map { epoch in columns.map { epoch[$0]?.line ?? "" } }))
  }
}

/// So that a gap can be the failure of a `Result`.
struct ReportGap: Error {
  let gap: RunFolder.Gap
}
