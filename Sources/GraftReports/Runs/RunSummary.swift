import Foundation
import GraftTraining

/// A run in one line.
public struct RunSummary: Sendable, Encodable {
  /// As the user named the folder, or found it.
  public let path: String
  /// In UTC: `2026-11-23T05:23:10Z`.
  public let started: String?
  public let backbone: String?
  public let data: String?
  /// `head → last:1 → all`.
  public let trained: String
  /// Epochs that were trained, and the one that was saved.
  public let epochs: Int?
  public let savedEpoch: Int?
  /// The metric that tells most of the run: `val_accuracy`. nil where there is none.
  public let metric: String?
  public let value: Double?
  /// Of 95 %, where it can be known.
  public let interval: [Double]?
  public let seconds: Double?
  public let wasInterrupted: Bool

  public init(_ run: RunFolder) {
    let outcome = RunOutcome(run, predictions: try? run.predictions().get())
    path = run.path
    started = run.started?.formatted(.iso8601)
    backbone = run.backbone
    data = run.data
    trained = run.trained
    epochs = run.history?.count
    savedEpoch = run.savedEpoch
    metric = outcome?.main.key
    value = outcome?.main.value
    interval = outcome?.main.interval.map { [$0.lowerBound, $0.upperBound] }
    seconds = run.seconds
    wasInterrupted = run.wasInterrupted
  }
}

/// The runs in a folder, and what else lies there.
public struct RunListing: Sendable, Encodable {
  public struct Stranger: Hashable, Sendable, Encodable {
    public let path: String
    public let reason: String
  }

  public enum Order: String, CaseIterable, Sendable {
    case name, date, metric, seconds, epochs
  }

  public private(set) var runs: [RunSummary]
  /// Folders that are no run, or one that cannot be read.
  public let others: [Stranger]

  /// Looks at the folders right below one; files and hidden folders are none of its business.
  ///
  /// - Throws: `TrainingError.notARun` where the folder itself cannot be listed.
  public init(_ folder: URL, order: Order = .date) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      throw TrainingError.notARun(path: folder.relativePath, missing: "folders of runs, or cannot be read")
    }
    let folders = names.filter { !$0.hasPrefix(".") }.sorted().map { folder.appending(path: $0) }.filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder) && isFolder.boolValue
    }
    var (runs, others) = ([RunSummary](), [Stranger]())
    for folder in folders {
      do {
        runs.append(RunSummary(try RunFolder(folder)))
      } catch {
        others.append(Stranger(path: folder.relativePath, reason: "\(error)"))
      }
    }
    self.runs = runs
    self.others = others
    sort(order)
  }

  /// Runs that were named one by one.
  public init(_ runs: [RunFolder], order: Order? = nil) {
    self.runs = runs.map(RunSummary.init)
    others = []
    if let order { sort(order) }
  }

  /// By name upwards, by date from the latest, by the metric from the best, by seconds and epochs from the least; what is
  /// not known comes last.
  private mutating func sort(_ order: Order) {
    func sorted<Key: Comparable>(_ key: (RunSummary) -> Key?, downwards: Bool = false) -> [RunSummary] {
      runs.enumerated().sorted { one, other in
        switch (key(one.element), key(other.element)) {
        case (let first?, let second?) where first != second: downwards ? first > second : first < second
        case (_?, nil): true
        case (nil, _?): false
        default: one.offset < other.offset
        }
      }.map(\.element)
    }
    runs =
      switch order {
      case .name: sorted { $0.path }
      case .date: sorted({ $0.started }, downwards: true)
      case .metric: sorted({ $0.goodness }, downwards: true)
      case .seconds: sorted { $0.seconds }
      case .epochs: sorted { $0.epochs }
      }
  }
}

extension RunSummary {
  /// The greater the better; errors and losses are turned round.
  fileprivate var goodness: Double? {
    guard let value, let metric, !value.isNaN else { return nil }
    return ["loss", "mae", "rmse", "mse", "error"].contains { metric.contains($0) } ? -value : value
  }
}
