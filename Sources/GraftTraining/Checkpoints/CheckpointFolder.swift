import Foundation
import GraftFormats
import GraftGraph

/// Where a training's checkpoints lie: a folder for each, named by its place in the training, and beside them the best epoch's
/// parameters, which are written once and not with every checkpoint.
///
///     checkpoints/
///       000001-00000042/   epoch 1, after 42 batches: state.json, state.safetensors
///       best-1.safetensors
struct CheckpointFolder {
  let url: URL
  /// Which training these are of: what is found there of another is refused.
  let identity: String
  /// How many are kept.
  let count: Int
  private var best: (epoch: Int, file: Checkpoint.BestFile)?

  init(_ url: URL, identity: String, keeping count: Int) {
    self.url = url
    self.identity = identity
    self.count = count
  }

  /// Writes a checkpoint whole or not at all, and removes those that are no longer to be kept.
  ///
  /// - Throws: `FormatError.writeFailed`; what was there before is still there then.
  mutating func write(_ checkpoint: Checkpoint) throws {
    try FileManager.default.makeFolder(url)
    if let record = checkpoint.state.best, best?.epoch != record.epoch {
      let name = "best-\(record.epoch).safetensors"
      let file = url.appending(path: name)
      try SafetensorsFile.write(
        checkpoint.best.map { (name: $0, tensor: $1) }.sorted { $0.name < $1.name }, to: file)
      best = (record.epoch, .init(name: name, sha256: try ContentHash.sha256(contentsOf: file)))
    }
    let state = checkpoint.state
    let folder = url.appending(path: String(format: "%06d-%08d", state.epoch, state.batches))
    // The same place again, as after an interruption right after a checkpoint: it is there already.
    if !FileManager.default.fileExists(atPath: folder.path) {
      try AtomicDirectory.write(to: folder) {
        try checkpoint.write(to: $0, identity: identity, best: best?.file)
      }
    }
    removeOld()
  }

  /// The newest checkpoint that is whole, or nil where there is none.
  ///
  /// - Throws: `TrainingError.checkpointOfAnotherTraining`.
  mutating func newest() throws -> Checkpoint? {
    for name in names.reversed() {
      guard let (checkpoint, description) = try? Checkpoint.read(from: url.appending(path: name)) else { continue }
      guard description.formatVersion == 1, description.identity == identity else {
        throw TrainingError.checkpointOfAnotherTraining(path: url.relativePath)
      }
      if let record = checkpoint.state.best, let file = description.best { best = (record.epoch, file) }
      return checkpoint
    }
    return nil
  }

  /// Oldest first.
  private var names: [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return all.filter { $0.wholeMatch(of: /[0-9]{6,}-[0-9]{8,}/) != nil }.sorted()
  }

  /// Removes what nobody will read again; a failure costs nothing but room.
  private func removeOld() {
    for name in names.dropLast(count) { try? FileManager.default.removeItem(at: url.appending(path: name)) }
    let kept = Set(names.compactMap { try? bestName(of: $0) })
    let all = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    for name in all
    where name.hasPrefix("best-") && !kept.contains(name) || name.hasSuffix(".partial") {
      try? FileManager.default.removeItem(at: url.appending(path: name))
    }
  }

  private func bestName(of checkpoint: String) throws -> String? {
    struct Part: Decodable {
      let best: Checkpoint.BestFile?
    }
    let file = url.appending(path: checkpoint).appending(path: Checkpoint.stateName)
    return try JSONDecoder().decode(Part.self, from: Data(contentsOf: file)).best?.name
  }
}
