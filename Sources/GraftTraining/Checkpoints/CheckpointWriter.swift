import Foundation

/// Writes checkpoints when it is time.
struct CheckpointWriter {
  private var folder: CheckpointFolder
  private let settings: CheckpointSettings
  private var last = ContinuousClock.now
  /// How long the last one took, in seconds.
  private var cost = 0.0

  init(_ settings: CheckpointSettings, identity: TrainingIdentity) {
    self.settings = settings
    folder = CheckpointFolder(settings.folder, identity: identity, keeping: settings.count)
  }

  /// What to go on from; nil for a training from its beginning.
  mutating func newest() throws -> Checkpoint? {
    if settings.resumes { return try folder.newest() }
    folder.beginAnew()
    return nil
  }

  /// The name of the checkpoint that going on would begin from; nil where there is none.
  var newestName: String? { folder.newestName }

  var isDue: Bool { last.duration(to: .now).seconds >= max(settings.interval, 20 * cost) }

  /// - Returns: why it could not be written; nil where it was.
  mutating func write(_ checkpoint: Checkpoint) -> String? {
    let start = ContinuousClock.now
    defer {
      last = .now
      cost = start.duration(to: last).seconds
    }
    do {
      try folder.write(checkpoint)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
