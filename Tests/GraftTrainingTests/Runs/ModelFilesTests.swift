import Foundation
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct ModelFilesTests {
  private let task: ToyTask
  private let run: URL
  private let model: TrainedModel

  init() throws {
    task = try ToyTask(training: 2, validation: 4)
    run = URL(filePath: "run", relativeTo: URL(filePath: task.folder.path + "/", directoryHint: .isDirectory))
    model = try ToyTask.model(seed: 5)
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
    try ModelFiles.write(model, to: run)
  }

  /// Replaces text in `model.json`.
  private func edit(_ old: String, _ new: String) throws {
    let file = run.appending(path: "model.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    let edited = text.replacing(old, with: new)
    try #require(edited != text, "\(old) is not in model.json")
    try Data(edited.utf8).write(to: file)
  }

  private func refusal() async -> String { await message { _ = try ModelFiles.read(from: run) } }

  @Test func `a model read back is the model written`() async throws {
    let read = try ModelFiles.read(from: run)
    #expect(try read.hashes == model.hashes)
    #expect(read.classes == model.classes && read.head == model.head && read.view == model.view)
    #expect(read.preprocessing == model.preprocessing)
    #expect(read.graph.nodes.map(\.name) == model.graph.nodes.map(\.name))
    let (before, after) = try await (model.predict(task.validation), read.predict(task.validation))
    #expect(before.predictions.map(\.probabilities) == after.predictions.map(\.probabilities))
    #expect(before.predictions.count == 4)
  }

  @Test func `numbers without the network beside them, as older runs have them, are read`() throws {
    let numbers = run.appending(path: "model.safetensors")
    let file = try SafetensorsFile(contentsOf: numbers)
    #expect(file.metadata["graft.graph"] != nil && file.metadata["graft.labels"] == #"["blue","red"]"#)
    try SafetensorsFile.write(
      file.tensors, metadata: file.metadata.filter { !$0.key.hasPrefix("graft.") }, to: numbers)
    #expect(try ModelFiles.read(from: run).hashes == model.hashes)
  }

  @Test(arguments: ["model.json", "model.safetensors"])
  func `a folder that lacks a file is no run`(name: String) async throws {
    try FileManager.default.removeItem(at: run.appending(path: name))
    #expect(
      await refusal() == "run is no run directory: it has no \(name). Name the folder that `graft finetune` has written"
    )
  }

  @Test func `a description that is no JSON`() async throws {
    try Data("{".utf8).write(to: run.appending(path: "model.json"))
    let said = await refusal()
    #expect(said.hasPrefix("run/model.json cannot be read as a run's model: "))
    #expect(said.contains("JSON"), "\(said)")
  }

  @Test(arguments: [
    ("\"classes\"", "\"kinds\"", "“classes” is missing"),
    ("\"Conv2D\"", "\"Conv9D\"", "layers of the kind “Conv9D” are unknown to this version"),
    ("\"formatVersion\" : 1", "\"formatVersion\" : 2", "it is of version 2, and this Graft reads version 1"),
    ("\"blue\",", "", "its 1 classes are not the network's outputs"),
    (
      "\"width\" : 8", "\"width\" : 8000000000",
      "the number 8000000000 is larger than any network needs"
    ),
    ("\"width\" : 8", "\"width\" : -8", "its images of 8×-8 are not what the network takes, [3, 8, 8]"),
  ])
  func `a description that makes no sense`(old: String, new: String, reason: String) async throws {
    try edit(old, new)
    #expect(await refusal() == "run/model.json cannot be read as a run's model: \(reason)")
  }

  @Test func `preprocessing for another number of channels is refused before it can crash`() async throws {
    var other = model
    other.preprocessing.mean = [1]
    try ModelFiles.write(other, to: run)
    #expect(
      await refusal()
        == "run/model.json cannot be read as a run's model: its preprocessing contradicts itself about the number of "
        + "channels")
  }

  @Test func `numbers that were changed afterwards are refused`() async throws {
    var other = model
    other.parameters["conv2/bias"] = Tensor([0, 0, 0, 1e-9, 0, 0], shape: [6])
    let elsewhere = task.folder.appending(path: "elsewhere")
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    try ModelFiles.write(other, to: elsewhere)
    let numbers = run.appending(path: "model.safetensors")
    try FileManager.default.removeItem(at: numbers)
    try FileManager.default.moveItem(at: elsewhere.appending(path: "model.safetensors"), to: numbers)
    #expect(
      await refusal()
        == "run/model.safetensors cannot be read as a run's model: “conv2/bias” is missing or not what was saved "
        + "(by the SHA-256 in model.json)")
  }

  @Test func `numbers that are cut off are refused`() async throws {
    let file = run.appending(path: "model.safetensors")
    let bytes = try Data(contentsOf: file)
    try bytes.dropLast(4).write(to: file)
    let said = await refusal()
    #expect(said.contains("is cut off: it holds"), "\(said)")
  }
}
