import Foundation
import GraftFormats
import GraftTraining

/// A run's history as TensorBoard's event files: `train` and `validation` below a folder, so that both curves of a metric
/// share one plot. The same run gives the same bytes.
public enum RunEvents {
  /// Writes both files, each whole or not at all.
  ///
  /// - Parameters:
  ///   - started: when the run began; names the files, and with each row's `seconds` gives its time.
  /// - Returns: the files.
  /// - Throws: `FormatError.writeFailed`.
  @discardableResult
  public static func write(_ history: RunHistory, started: Date, to folder: URL) throws -> [URL] {
    let time = started.timeIntervalSince1970
    return try Part.allCases.compactMap { part in
      let events = events(history, part: part, time: time)
      if events.allSatisfy(\.scalars.isEmpty) { return nil }
      return try TensorBoardEventFile.write(events, time: time, to: folder.appending(path: part.rawValue))
    }
  }

  /// Writes a run's.
  ///
  /// - Throws: `TrainingError.unreadableRun` where it has no history; `FormatError.writeFailed`.
  @discardableResult
  public static func write(_ run: RunFolder, to folder: URL) throws -> [URL] {
    guard let history = run.history else {
      let reason = run.gaps.first { $0.file == RunDirectory.history }?.reason ?? "is missing"
      throw TrainingError.unreadableRun(path: run.path, reason: "\(RunDirectory.history) \(reason)")
    }
    return try write(history, started: run.started ?? Date(timeIntervalSince1970: 0), to: folder)
  }

  enum Part: String, CaseIterable {
    case train, validation

    /// The tag that a column has here; nil where it belongs to the other part.
    func tag(_ column: String) -> String? {
      if column.hasPrefix("val_") { return self == .validation ? String(column.dropFirst(4)) : nil }
      return self == .train && !["epoch", "step"].contains(column) ? column : nil
    }
  }

  /// One event an epoch, with every number that its row has.
  static func events(_ history: RunHistory, part: Part, time: Double) -> [TensorBoardEvent] {
    let columns = history.columns.compactMap { column in
      part.tag(column).flatMap { tag in history.numbers(column).map { (tag: tag, numbers: $0) } }
    }
    let seconds = history.numbers("seconds")
    var now = time
    return history.epochs.enumerated().map { row, epoch in
      now += max(0, (seconds?[row]).flatMap { $0 } ?? 0)
      return TensorBoardEvent(
        time: now, step: epoch,
        scalars: columns.compactMap { column in
          column.numbers[row].map { TensorBoardEvent.Scalar(tag: column.tag, value: Float($0)) }
        })
    }
  }
}
