import Foundation
import GraftImages
import GraftPlanning
import Synchronization
import Testing

@testable import GraftTraining

/// What lies in a checkpoints' folder that is not what this training left there.
@Suite struct CheckpointFolderTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private var folder: URL { task.folder.appending(path: "checkpoints") }

  private func train(_ trainer: Trainer, keeping count: Int = 2, resumes: Bool = true) async throws -> Outcome {
    let resumed = Mutex<Int?>(nil)
    let settings = CheckpointSettings(folder: folder, interval: 0, keeping: count, resumes: resumes)
    let result = try await trainer.run(checkpoints: settings) { event in
      if case .resumed(let epoch) = event { resumed.withLock { $0 = epoch } }
    }
    return Outcome(hashes: try result.model.hashes, resumedIn: resumed.withLock { $0 })
  }

  private struct Outcome {
    let hashes: [String: String]
    /// nil for a training from its beginning.
    let resumedIn: Int?
  }

  private var names: [String] { CheckpointFolder.names(in: folder) }

  private func state(of name: String) -> URL { folder.appending(path: name).appending(path: "state.json") }

  @Test func `photographs that have changed are refused in a sentence`() async throws {
    let trainer = try task.trainer(.head)
    _ = try await train(trainer)
    // The same picture with one bit more: names and sizes tell nothing.
    let file = task.training[3].url
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: file)
    let said = await message { _ = try await train(trainer) }
    #expect(said.hasPrefix("photographs have changed since the checkpoints in "))
    #expect(said.hasSuffix("Bring back the photographs as they were, or begin anew in another folder"))
    // Brought back, they are the same again, whatever their dates.
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: file)
    #expect(try await train(trainer).resumedIn != nil)
  }

  @Test func `a photograph that can be read no more is a changed one`() async throws {
    let trainer = try task.trainer(.head)
    _ = try await train(trainer)
    try FileManager.default.removeItem(at: task.validation[0].url)
    let said = await message { _ = try await train(trainer) }
    #expect(said.hasPrefix("photographs have changed"))
  }

  @Test func `a checkpoint of another version is refused, and nothing lost`() async throws {
    let trainer = try task.trainer(.head)
    _ = try await train(trainer)
    let newest = try #require(names.last)
    let text = try String(contentsOf: state(of: newest), encoding: .utf8)
    try text.replacing("\"formatVersion\" : 1", with: "\"formatVersion\" : 7").write(
      to: state(of: newest), atomically: true, encoding: .utf8)
    let said = await message { _ = try await train(trainer) }
    #expect(said.contains("\(newest) is a checkpoint of format 7, and this Graft reads format 1. "))
    #expect(names.last == newest)
  }

  @Test(arguments: ["", "{", "[]", "null", #"{"formatVersion": 1}"#, #"{"formatVersion": "1"}"#, "\u{0}\u{0}\u{0}"])
  func `of a state that makes no sense nothing is believed`(text: String) async throws {
    let trainer = try task.trainer(.all)
    let whole = try await train(trainer)
    for name in names { try Data(text.utf8).write(to: state(of: name)) }
    let again = try await train(trainer)
    #expect(again.resumedIn == nil && again.hashes == whole.hashes)
  }

  @Test func `a state that is cut off anywhere is damaged`() async throws {
    let trainer = try task.trainer(.head)
    _ = try await train(trainer)
    let name = try #require(names.last)
    let whole = try Data(contentsOf: state(of: name))
    // The last byte closes the object: without it, none is whole.
    for length in stride(from: 0, to: whole.count, by: 97) {
      try whole.prefix(length).write(to: state(of: name))
      #expect(throws: (any Error).self) { try Checkpoint.read(from: folder.appending(path: name)) }
    }
  }

  @Test func `a damaged checkpoint takes no place from a good one`() async throws {
    let trainer = try task.trainer(.all)
    let whole = try await train(trainer, keeping: 1)
    let last = names
    #expect(last.count == 1)
    // Further on than the training will be for long: were it counted, each new one would be removed as older.
    try Data("nothing".utf8).write(to: state(of: last[0]))
    let again = try await train(trainer, keeping: 1)
    #expect(again.hashes == whole.hashes)
    // Which place the last one has is the clock's decision; that it is a good one is not.
    let left = names
    #expect(left.count == 1)
    let description = try Checkpoint.read(from: folder.appending(path: left[0])).description
    #expect(try await description.identity == trainer.identity(PhotographHashes(trainer)))
  }

  @Test func `a training that begins anew takes no checkpoints of another for its own`() async throws {
    let other = try task.trainer(.head, ToyTask.configuration(epochs: 5, learningRate: 0.2))
    _ = try await train(other)
    let trainer = try task.trainer(.head, ToyTask.configuration(epochs: 2))
    let whole = try await train(trainer, resumes: false)
    #expect(names.allSatisfy { $0 < "000003" })
    let again = try await train(trainer)
    #expect(again.resumedIn != nil && again.hashes == whole.hashes)
  }
}
