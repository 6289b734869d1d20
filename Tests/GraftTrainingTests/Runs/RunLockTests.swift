import Foundation
import GraftTraining
import Testing

@Suite struct RunLockTests {
  private let place = FileManager.default.temporaryDirectory.appending(path: "lock-\(UUID().uuidString)")
  private var run: URL { place.appending(path: "runs/1") }

  private func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  @Test func `one holder at a time, by its number`() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    let first = try RunLock(run)
    let refusal = TrainingError.underWayElsewhere(path: run.relativePath, process: getpid())
    #expect(throws: refusal) { try RunLock(run) }
    #expect(throws: refusal) { try RunLock.requireFree(run) }
    first.release()
    try RunLock.requireFree(run)
    let second = try RunLock(run)
    second.release()
  }

  @Test func `what was made for the lock alone goes with it, and nothing else`() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    do { _ = try RunLock(run) }
    #expect(!exists(place))
    let lock = try RunLock(run)
    try Data("a run".utf8).write(to: run.appending(path: "run.json"))
    lock.release()
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path) == ["run.json"])
    let empty = place.appending(path: "empty")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    do { _ = try RunLock(empty) }
    #expect(exists(empty))
    try RunLock.requireFree(place.appending(path: "missing"))
    #expect(!exists(place.appending(path: "missing")))
  }

  @Test func `the file of a holder that was killed locks nothing`() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
    try Data("1234567\n".utf8).write(to: run.appending(path: RunLock.name))
    try RunLock.requireFree(run)
    let lock = try RunLock(run)
    #expect(try String(contentsOf: run.appending(path: RunLock.name), encoding: .utf8) == "\(getpid())\n")
    lock.release()
    #expect(!exists(run.appending(path: RunLock.name)))
  }

  @Test func `remains are what a killed process of ours leaves, and nobody else's`() throws {
    defer { try? FileManager.default.removeItem(at: place) }
    #expect(RunLock.isRemains(".training.json.1f0c.partial") && RunLock.isRemains("training.lock"))
    for name in ["training.json", ".training.json.partial", ".model.json.1f.partial", "notes.txt", "checkpoints"] {
      #expect(!RunLock.isRemains(name))
    }
    let lock = try RunLock(run)
    for name in [".training.json.1f0c.partial", "notes.txt"] {
      try Data().write(to: run.appending(path: name))
    }
    lock.removeRemains()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run.path).sorted() == ["notes.txt", "training.lock"])
  }

  @Test func `a folder that cannot be made is an error with its name`() throws {
    try Data().write(to: place)
    defer { try? FileManager.default.removeItem(at: place) }
    #expect { try RunLock(run) } throws: { "\($0)".contains(place.lastPathComponent) }
  }
}
