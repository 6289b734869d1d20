import ArgumentParser
import Foundation
import Graft

/// Where a training is written, and how it can be gone on with.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The run directory to write; must not exist. (default: runs/1, runs/2 …)", valueName: "dir"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Go on with a training that was stopped or killed, whose run directory this is: with its own words, to the same bytes.",
      valueName: "run"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Seconds from one checkpoint to the next, at least; 0 for one after every step.", valueName: "seconds"))
  var checkpointEvery = 60.0

  @Option(help: ArgumentHelp("Checkpoints that are kept while the training runs.", valueName: "count"))
  var keep = 2

  @Flag(help: "Keep the last checkpoints after the training, too.")
  var keepCheckpoints = false

  @Option(help: ArgumentHelp("Write TensorBoard's event files into this folder, too.", valueName: "dir"))
  var tensorboard: String?

  @Flag(inversion: .prefixedNo, help: "Write report.html into the run directory.")
  var report = true

  func validate() throws {
    guard checkpointEvery >= 0, keep > 0 else {
      throw ValidationError(
        "--checkpoint-every is \(checkpointEvery) and --keep \(keep); expected 0 or more, and at least 1")
    }
  }

  /// Where the run goes: as told, or the first free `runs/N`. Looked at before hours of work, not after, and taken at once, so that
  /// no other process goes there meanwhile.
  func takenFolder() throws -> (URL, RunLock) {
    let free = (1...).lazy.map { "runs/\($0)" }.first { !FileManager.default.fileExists(atPath: $0) }
    let folder = OutputFolder(path: out ?? free ?? "runs")
    try RunLock.requireFree(folder.url)
    try folder.requireWritable(besides: RunLock.isRemains)
    let lock = try RunLock(folder.url)
    // Another process may have come and gone in between.
    try folder.requireWritable(besides: RunLock.isRemains)
    lock.removeRemains()
    return (folder.url, lock)
  }

  func checkpoints(in run: URL, resumes: Bool) -> CheckpointSettings {
    CheckpointSettings(
      folder: run.appending(path: TrainingManifest.checkpoints), interval: checkpointEvery, keeping: keep,
      resumes: resumes)
  }
}
