import Foundation
import GraftFormats
import GraftTraining

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
  /// - Throws: `FormatError.fileNotFound` where the folder itself cannot be listed.
  public init(_ folder: URL, order: Order = .date) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      throw FormatError.fileNotFound(path: folder.relativePath)
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
        others.append(Stranger(path: folder.relativePath, reason: Self.reason(error, folder)))
      }
    }
    self.runs = runs
    self.others = others
    sort(order)
  }

  private static func reason(_ error: any Error, _ folder: URL) -> String {
    let isUnderWay = FileManager.default.fileExists(atPath: folder.appending(path: TrainingManifest.name).path)
    return isUnderWay && !RunFolder.isRun(folder)
      ? "\(folder.relativePath) is a training that has not come to its end" : "\(error)"
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
