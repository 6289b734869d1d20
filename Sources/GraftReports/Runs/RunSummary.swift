import Foundation
import GraftLearning
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
  public let interval: ConfidenceInterval?
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
    interval = outcome?.main.interval
    seconds = run.seconds
    wasInterrupted = run.wasInterrupted
  }
}

extension RunSummary {
  /// The greater the better; errors and losses are turned round.
  var goodness: Double? {
    guard let value, let metric, !value.isNaN else { return nil }
    return MetricKind(named: metric)?.better == .lower ? -value : value
  }
}
