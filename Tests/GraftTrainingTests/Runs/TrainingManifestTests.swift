import Foundation
import GraftEngine
import GraftTraining
import Testing

@Suite struct TrainingManifestTests {
  private func manifest(threads: Int) -> TrainingManifest {
    TrainingManifest(
      arguments: [], workingDirectory: "/", started: .now, precisionChoice: .asked(.float32), threads: threads)
  }

  @Test func `another number of threads is noted once, and warned of from then on`() throws {
    let run = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: run) }
    var manifest = manifest(threads: 2)
    let isNew = [2, 1, 2, 1].map { manifest.note(threads: $0) }
    #expect(isNew == [false, true, false, false])
    try manifest.write(to: run)
    let read = try TrainingManifest.read(from: run)
    #expect(read.threads == [2, 1])
    #expect(
      read.threadsWarning
        == "this training began with 2 threads and went on with 1, so its last bits may not be those that it would have come to. "
        + "OMP_NUM_THREADS=2 asks for the first number")
  }

  @Test func `of a manifest that says nothing of threads nothing is said`() {
    var manifest = manifest(threads: 2)
    manifest.threads = nil
    let isNew = manifest.note(threads: 4)
    #expect(!isNew && manifest.threadsWarning == nil)
  }

  @Test func `a training that is through leaves neither checkpoints nor lock, and a manifest only until they are gone`()
    throws
  {
    let run = FileManager.default.temporaryDirectory.appending(path: "graft-manifest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: run) }
    let lock = try RunLock(run)
    let checkpoints = run.appending(path: TrainingManifest.checkpoints)
    try FileManager.default.createDirectory(at: checkpoints, withIntermediateDirectories: true)
    for name in [TrainingManifest.name, RunDirectory.record] {
      try Data("{}".utf8).write(to: run.appending(path: name))
    }
    TrainingManifest.end(run, releasing: lock)
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path) == [RunDirectory.record])
    // It is free for others.
    try RunLock(run).release()
  }
}
