import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct RunDirectoryTests {
  private let task: ToyTask
  private let result: TrainingResult
  private var run: URL { task.folder.appending(path: "run") }

  init() async throws {
    task = try ToyTask(training: 4, validation: 2)
    result = try await task.trainer(.head, ToyTask.configuration(epochs: 2), adding: [task.unreadable()]).run()
  }

  private func record(_ result: TrainingResult) -> RunRecord {
    RunRecord(
      command: ["graft", "finetune"], version: "1", started: Date(timeIntervalSince1970: 0),
      source: .init(backbone: "toy", weights: "toy.h5", sha256: "00", knownAs: nil), data: "photos", unfreeze: "head",
      trainableLayers: ["head_dense"], frontier: ["head_pool"], configuration: ToyTask.configuration(epochs: 2),
      result: result)
  }

  private func frozen(_ model: TrainedModel) throws -> [FrozenTensor] {
    try model.parameters.tensors.filter { $0.key.hasPrefix("conv") }.map { try FrozenTensor($0.key, $0.value) }
  }

  private func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: run.appending(path: name))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `a run is four files`() throws {
    try RunDirectory.write(record(result), model: result.model, frozen: [], to: run)
    let names = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
    #expect(names == ["history.csv", "model.json", "model.safetensors", "run.json"])
  }

  @Test func `run.json tells how the run came about`() throws {
    try RunDirectory.write(record(result), model: result.model, frozen: try frozen(result.model), to: run)
    let json = try json("run.json")
    #expect(
      json.keys.sorted() == [
        "command", "configuration", "data", "frontier", "frozen_unchanged", "history", "images_train", "images_val",
        "machine", "peak_memory", "saved_epoch", "seconds", "skipped", "source", "started", "trainable_layers",
        "unfreeze", "version",
        "was_interrupted",
      ])
    #expect(json["command"] as? [String] == ["graft", "finetune"])
    #expect(json["started"] as? String == "1970-01-01T00:00:00Z")
    #expect(json["images_train"] as? Int == 4 && json["images_val"] as? Int == 2)
    // Paths are no key names: nothing may be made of their capitals.
    #expect((json["skipped"] as? [String: String])?.keys.sorted() == ["train/blue/note.jpg"])
    #expect((json["configuration"] as? [String: Any])?["learning_rate"] as? Double == 0.1)
    #expect((json["history"] as? [[String: Any]])?.first?["val_accuracy"] is Double)
    #expect(json["frozen_unchanged"] as? Bool == true)
    #expect(json["saved_epoch"] as? Int == result.best.epoch)
  }

  @Test func `history.csv has a row for each epoch`() throws {
    try RunDirectory.write(record(result), model: result.model, frozen: [], to: run)
    let lines = try String(contentsOf: run.appending(path: "history.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines[0] == "epoch,stage,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds")
    #expect(lines.count == 3)
    for (line, epoch) in zip(lines.dropFirst(), result.history) {
      let cells = line.split(separator: ",").compactMap { Double($0) }
      #expect(
        cells == [
          Double(epoch.epoch), 1, epoch.loss, epoch.accuracy, epoch.valLoss, epoch.valAccuracy, epoch.learningRate,
          epoch.seconds,
        ])
    }
  }

  @Test func `model.json holds the hash of every tensor in model.safetensors`() throws {
    try RunDirectory.write(record(result), model: result.model, frozen: [], to: run)
    let file = try SafetensorsFile(contentsOf: run.appending(path: "model.safetensors"))
    let hashes = try #require(json("model.json")["sha256"] as? [String: String])
    #expect(file.tensors.count == 6 && hashes.count == 6)
    for (name, tensor) in file.tensors { #expect(try hashes[name] == ContentHash.sha256(of: tensor)) }
  }

  @Test func `a frozen tensor that is not the source's is found out`() throws {
    var other = try frozen(result.model)
    let name = other[0].name
    let tensor = try #require(result.model.parameters[name])
    var numbers = tensor.floats
    numbers[0] = numbers[0].nextUp
    other[0] = try FrozenTensor(name, Tensor(numbers, shape: tensor.shape))
    #expect(
      try RunDirectory.write(record(result), model: result.model, frozen: other, to: run).frozenUnchanged == false)
    #expect(try json("run.json")["frozen_unchanged"] as? Bool == false)
  }

  @Test func `the same training gives the same model file`() async throws {
    let again = try await task.trainer(.head, ToyTask.configuration(epochs: 2)).run()
    try RunDirectory.write(record(result), model: result.model, frozen: [], to: run)
    let second = task.folder.appending(path: "second")
    try RunDirectory.write(record(again), model: again.model, frozen: [], to: second)
    for name in ["model.safetensors", "model.json"] {
      #expect(
        try ContentHash.sha256(contentsOf: run.appending(path: name))
          == ContentHash.sha256(contentsOf: second.appending(path: name)))
    }
  }

  @Test func `a folder with something in it is left alone`() async throws {
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: run.appending(path: "notes.txt"))
    let said = await message { try RunDirectory.write(record(result), model: result.model, frozen: [], to: run) }
    #expect(said == "\(run.path) exists already and is not empty. Name another folder, or remove it first.")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path) == ["notes.txt"])
  }

  @Test func `what a killed process was writing goes when the run is whole`() throws {
    let manifest = TrainingManifest(
      arguments: [], workingDirectory: "/", started: .now, precisionChoice: .asked(.float32))
    try manifest.write(to: run)
    let parts = [".model.safetensors.1f.partial", "..finished.2f.partial/model.json", ".finished/history.csv"]
    for part in parts {
      let url = run.appending(path: part)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("half".utf8).write(to: url)
    }
    try RunDirectory.write(record(result), model: result.model, frozen: [], to: run)
    let names = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
    #expect(names == ["history.csv", "model.json", "model.safetensors", "run.json", "training.json"])
  }

  @Test func `a failing write leaves nothing`() async throws {
    let before = try FileManager.default.contentsOfDirectory(atPath: task.folder.path).sorted()
    var broken = record(result)
    // JSON has no such number: the last file of the four cannot be written.
    broken.seconds = .infinity
    #expect(throws: EncodingError.self) {
      try RunDirectory.write(broken, model: result.model, frozen: [], to: run)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: task.folder.path).sorted() == before)
  }

  @Test func `a place that cannot be written is named with the reason`() async throws {
    let below = task.training[0].url.appending(path: "run")
    let said = await message { try RunDirectory.write(record(result), model: result.model, frozen: [], to: below) }
    #expect(said == "\(below.path) cannot be written: Not a directory.")
  }
}
