import Foundation
import GraftFormats
import GraftGraph
import Logging

/// Where a training's checkpoints lie: a folder for each, named by its place in the training, and beside them the best epoch's
/// parameters, which are written once and not with every checkpoint.
///
///     checkpoints/
///       000001-00000042/   epoch 1, after 42 batches: state.json, state.safetensors
///       best-1.safetensors
///       algorithms/        `KeptAlgorithms`
struct CheckpointFolder {
  let url: URL
  /// Which training these are of: what is found there of another is refused.
  let identity: TrainingIdentity
  /// How many are kept.
  let count: Int
  private var best: (epoch: Int, file: Checkpoint.BestFile)?
  /// Checkpoints there that nobody will go on from. They go as soon as there is one of this training.
  private var useless: Set<String> = []

  init(_ url: URL, identity: TrainingIdentity, keeping count: Int) {
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
    let name = String(format: "%06d-%08d", state.epoch, state.batches)
    let folder = url.appending(path: name)
    if useless.remove(name) != nil { try? FileManager.default.removeItem(at: folder) }
    // The same place again, as after an interruption right after a checkpoint: it is there already.
    if !FileManager.default.fileExists(atPath: folder.path) {
      try AtomicDirectory.write(to: folder) {
        try checkpoint.write(to: $0, identity: identity, best: best?.file)
      }
    }
    removeOld()
  }

  /// Takes what is there for remains of other trainings.
  mutating func beginAnew() { useless = Set(names) }

  /// The newest checkpoint that is whole, or nil where there is none. What is damaged is told in the log: a training that is killed
  /// leaves none such, a failing disk does.
  ///
  /// - Throws: `TrainingError.checkpointOfAnotherTraining`, `changedPhotographs`, `checkpointOfAnotherVersion`.
  mutating func newest() throws -> Checkpoint? {
    for name in names.reversed() {
      let folder = url.appending(path: name)
      let checkpoint: Checkpoint
      let description: Checkpoint.Description
      do {
        (checkpoint, description) = try Checkpoint.read(from: folder)
      } catch let error as TrainingError where error.isOfAnotherVersion {
        throw error
      } catch {
        useless.insert(name)
        Logger(label: "graft.training").warning(
          "the checkpoint \(folder.relativePath) is damaged; going on from the one before it, or from the beginning")
        continue
      }
      guard description.identity.training == identity.training else {
        throw TrainingError.checkpointOfAnotherTraining(path: url.relativePath)
      }
      guard description.identity.photographs == identity.photographs else {
        throw TrainingError.changedPhotographs(path: url.relativePath)
      }
      if let record = checkpoint.state.best, let file = description.best { best = (record.epoch, file) }
      return checkpoint
    }
    return nil
  }

  private var names: [String] { Self.names(in: url) }

  /// The name of the one that going on would begin from; nil where there is none.
  var newestName: String? { names.last { !useless.contains($0) } }

  /// Oldest first.
  static func names(in folder: URL) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return all.filter { $0.wholeMatch(of: /[0-9]{6,}-[0-9]{8,}/) != nil }.sorted()
  }

  /// Removes what nobody will read again; a failure costs nothing but room.
  private mutating func removeOld() {
    let good = names.filter { !useless.contains($0) }
    for name in useless.union(good.dropLast(count)) {
      try? FileManager.default.removeItem(at: url.appending(path: name))
    }
    useless = []
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

extension TrainingError {
  fileprivate var isOfAnotherVersion: Bool {
    if case .checkpointOfAnotherVersion = self { true } else { false }
  }
}
