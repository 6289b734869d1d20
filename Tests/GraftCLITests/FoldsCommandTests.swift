import Foundation
import Testing

/// `finetune --folds` without `--fold`, and what is done with the runs.
@Suite struct FoldsCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 6) }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: place.folder.appending(path: path)) }

  @Test func `each photograph is judged once, and the same command goes on`() throws {
    let options = ["--epochs", "2", "--folds", "3", "--out", "cv"]
    func train(_ more: String...) throws -> GraftProgram.Outcome {
      try GraftProgram.run(place.finetuning + ["--disk-cache", "0"] + options + more, in: place.folder)
    }
    let first = try train("--json")
    #expect(first.status == 0, "\(first.messages)")
    let report = try first.json()
    let folds = try #require(report["folds"] as? [[String: Any]])
    #expect(folds.compactMap { $0["run_directory"] as? String } == ["cv/fold-1", "cv/fold-2", "cv/fold-3"])
    #expect(folds.compactMap { $0["images"] as? Int } == [4, 4, 4])
    let figures = try #require(report["figures"] as? [String: Any])
    #expect(figures["images"] as? Int == 12 && figures["accuracy"] is Double)
    let kept = try bytes("cv/fold-1/model.safetensors")
    try FileManager.default.removeItem(at: place.folder.appending(path: "cv/fold-2"))
    let second = try train()
    #expect(second.status == 0, "\(second.messages)")
    #expect(second.messages.components(separatedBy: "was trained before").count == 3)
    #expect(
      second.output.hasPrefix("over 3 folds, each photograph by the model that has not learnt from it:\naccuracy "))
    #expect(try bytes("cv/fold-1/model.safetensors") == kept)
    let other = try train("--lr", "0.5")
    #expect(other.status == 64 && other.messages.contains("cv/fold-1 holds a training by other words"))

    let mean = try place.graft("predict", "cv", "photos/red/1.bmp", "--json")
    #expect(try mean.json()["runs"] as? [String] == ["cv/fold-1", "cv/fold-2", "cv/fold-3"])
    #expect(mean.messages.contains("the mean of 3 runs, cv/fold-1 to cv/fold-3"))
    #expect(try place.graft("evaluate", "cv", "--data", "photos").status == 0)
    #expect(try place.graft("runs", "cv").output.contains("cv/fold-3"))
  }

  @Test func `a fold that was killed is gone on with, to the same bytes`() throws {
    let words = place.finetuning + ["--disk-cache", "0", "--epochs", "6", "--folds", "2", "--checkpoint-every", "0"]
    let killed = try GraftProgram.run(
      words + ["--out", "cv"], in: place.folder, interruptedAfter: "epoch 2", by: SIGKILL)
    #expect(killed.status != 0)
    #expect(place.exists("cv/fold-1/training.json"))
    let whole = try GraftProgram.run(words + ["--out", "cv"], in: place.folder)
    #expect(whole.status == 0, "\(whole.messages)")
    #expect(try GraftProgram.run(words + ["--fold", "1", "--out", "alone"], in: place.folder).status == 0)
    #expect(try bytes("cv/fold-1/model.safetensors") == bytes("alone/model.safetensors"))
    let record = try String(decoding: bytes("cv/fold-1/run.json"), as: UTF8.self)
    #expect(record.contains("\"--folds\"") && !record.contains("--resume"))
  }

  @Test func `a folder of something else is refused`() throws {
    try place.write("cv/notes.txt", "mine")
    let outcome = try place.finetune("--folds", "2", "--out", "cv")
    #expect(outcome.status == 74)
    #expect(try place.finetune("--folds", "1", "--out", "new").status == 64)
    let nowhere = try place.finetune("--folds", "2")
    #expect(nowhere.status == 64 && nowhere.messages.contains("name the folder of their runs with --out"))
    // Twelve photographs.
    let many = try place.finetune("--folds", "13", "--out", "new")
    #expect(many.status == 64 && many.messages.contains("would have no photograph to be judged; divide into fewer"))
    #expect(!place.exists("new"))
  }

  @Test func `other photographs than a fold was trained with are refused`() throws {
    let options = ["--epochs", "1", "--disk-cache", "0", "--folds", "2", "--keep-checkpoints", "--out", "cv"]
    func train() throws -> GraftProgram.Outcome { try GraftProgram.run(place.finetuning + options, in: place.folder) }
    #expect(try train().status == 0)
    // Checkpoints that are kept do not make it one under way.
    let again = try train()
    #expect(again.status == 0 && again.messages.components(separatedBy: "was trained before").count == 3)
    try FileManager.default.removeItem(at: place.folder.appending(path: "photos/red/3.bmp"))
    let changed = try train()
    #expect(
      changed.status == 64 && changed.messages.contains("are no longer those that cv/fold-"), "\(changed.messages)")
  }

  @Test func `several heads are judged by their own columns, with the table's weights`() throws {
    var table = "path,shape,colour,weight\n"
    for number in 0..<6 {
      table += "photos/red/\(number).bmp,round;large,warm,\(number == 0 ? 0 : 1)\n"
      table += "photos/blue/\(number).bmp,round,cold;large,1\n"
    }
    try place.write("table.csv", table)
    let outcome = try GraftProgram.run(
      [
        "finetune", "--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48", "--data", "table.csv",
        "--labels-column", "shape", "--labels-column", "colour", "--disk-cache", "0", "--epochs", "1", "--folds", "2",
        "--tensorboard", "logs", "--out", "cv", "--json",
      ], in: place.folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let figures = try #require(outcome.json()["figures"] as? [String: Any])
    #expect((figures["reports"] as? [Any])?.count == 2 && figures["images"] as? Int == 12)
    #expect(place.exists("logs/fold-1") && place.exists("logs/fold-2"))
  }

  @Test func `stopped in a fold, it says how to go on, in one JSON object`() throws {
    let words = place.finetuning + ["--disk-cache", "0", "--epochs", "200", "--folds", "2", "--out", "cv", "--json"]
    let stopped = try GraftProgram.run(words, in: place.folder, interruptedAfter: "epoch 2", by: SIGINT)
    #expect(stopped.status == 130)
    #expect(stopped.messages.contains("the same command, said again, goes on with fold 1 and the others"))
    let report = try stopped.json()
    #expect(report["exit_code"] as? Int == 130 && (report["finished"] as? [String])?.isEmpty == true)
  }
}
