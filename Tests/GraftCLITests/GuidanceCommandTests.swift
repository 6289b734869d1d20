import Foundation
import Testing

/// `graft finetune --teacher` and `--target`.
@Suite struct GuidanceCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 6) }

  private func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: place.folder.appending(path: path))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func columns(_ run: String) throws -> [String] {
    let text = try String(contentsOf: place.folder.appending(path: "\(run)/history.csv"), encoding: .utf8)
    return text.prefix { $0 != "\n" }.split(separator: ",").map(String.init)
  }

  @Test func `a run teaches another, and is named in its record and report`() throws {
    #expect(try place.finetune("--epochs", "1", "--out", "teacher").status == 0)
    let taught = try place.finetune(
      "--epochs", "2", "--teacher", "teacher", "--loss", "distillation:temperature=2", "--out", "student")
    #expect(taught.status == 0, "\(taught.messages)")
    #expect(taught.messages.contains("teacher: teacher, by distillation:temperature=2"))
    let record = try json("student/run.json")
    let teacher = try #require(record["teacher"] as? [String: Any])
    let hash = try #require(teacher["sha256"] as? String)
    #expect(teacher["run"] as? String == "teacher" && hash.count == 64)
    let report = try String(contentsOf: place.folder.appending(path: "student/report.html"), encoding: .utf8)
    #expect(report.contains("<dt>Teacher</dt>") && report.contains(hash))
    // Without settings the usual ones, and a rate can be looked for in the same words.
    let usual = try place.finetune("--epochs", "1", "--teacher", "teacher", "--out", "usual")
    #expect(usual.messages.contains("teacher: teacher, by distillation\n"))
    let found = try place.graft(
      "lr-find", "--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48", "--data", "photos",
      "--disk-cache", "0", "--steps", "10", "--teacher", "teacher")
    #expect(found.status == 0, "\(found.messages)")
    #expect(try place.graft("runs", ".").status == 0)
  }

  @Test func `a training with a teacher goes on with the same one only`() throws {
    #expect(try place.finetune("--epochs", "1", "--out", "teacher").status == 0)
    let options = ["--epochs", "40", "--teacher", "teacher", "--checkpoint-every", "0"]
    let whole = try GraftProgram.run(
      place.finetuning + ["--disk-cache", "0", "--out", "whole"] + options, in: place.folder)
    #expect(whole.status == 0, "\(whole.messages)")
    let killed = try GraftProgram.run(
      place.finetuning + ["--disk-cache", "0", "--out", "run"] + options, in: place.folder,
      interruptedAfter: "epoch 3 ", by: SIGKILL)
    #expect(killed.status != 0)
    #expect((try json("run/training.json")["teacher"] as? [String: Any])?["run"] as? String == "teacher")
    // Elsewhere, and back.
    let files = FileManager.default
    func path(_ name: String) -> String { place.folder.appending(path: name).path }
    try files.moveItem(atPath: path("teacher"), toPath: path("elsewhere"))
    let gone = try place.graft("finetune", "--resume", "run")
    #expect(gone.status == 66 && gone.lastMessage.contains("teacher, the teacher of this training, is gone"))
    #expect(try place.finetune("--epochs", "1", "--seed", "5", "--out", "teacher").status == 0)
    let other = try place.graft("finetune", "--resume", "run")
    #expect(other.status == 64 && other.lastMessage.contains("is no longer what it was"))
    try files.removeItem(atPath: path("teacher"))
    try files.moveItem(atPath: path("elsewhere"), toPath: path("teacher"))
    let resumed = try place.graft("finetune", "--resume", "run")
    #expect(resumed.status == 0, "\(resumed.messages)")
    let models = try ["run", "whole"].map {
      try Data(contentsOf: place.folder.appending(path: "\($0)/model.safetensors"))
    }
    #expect(models[0] == models[1])
  }

  @Test func `what a teacher cannot do is refused`() throws {
    func refusal(_ options: String...) throws -> (Int32, String) {
      let outcome = try GraftProgram.run(
        place.finetuning + ["--disk-cache", "0", "--out", "x"] + options, in: place.folder)
      #expect(!place.exists("x"))
      return (outcome.status, outcome.lastMessage)
    }
    let alone = try refusal("--loss", "distillation")
    #expect(alone.0 == 64 && alone.1.contains("expected --teacher beside it"))
    let missing = try refusal("--teacher", "nobody")
    #expect(missing.0 == 66 && missing.1.contains("nobody is no run directory"))
    let coral = try refusal("--coral", "1")
    #expect(coral.0 == 64)
    let nowhere = try refusal("--target", "nowhere")
    #expect(nowhere.0 == 66, "\(nowhere)")
    let unfit = try refusal("--target", "photos/red", "--coral", "-1")
    #expect(unfit.0 == 64, "\(unfit)")
  }

  @Test func `photographs without labels are drawn near, and the distance is in the history`() throws {
    let outcome = try place.finetune(
      "--epochs", "2", "--target", "photos/red", "--coral", "0.5", "--unfreeze", "last:1", "--out", "run")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("target: 6 photographs of photos/red, CORAL times 0.5"))
    #expect(
      try columns("run") == [
        "epoch", "stage", "loss", "accuracy", "coral", "val_loss", "val_accuracy", "learning_rate", "seconds",
      ])
    let target = try #require(try json("run/run.json")["target"] as? [String: Any])
    #expect(target["data"] as? String == "photos/red" && target["images"] as? Int == 6)
    #expect(target["coral"] as? Double == 0.5)
    #expect(try place.graft("report", "run").status == 0)
    let report = try String(contentsOf: place.folder.appending(path: "run/report.html"), encoding: .utf8)
    #expect(report.contains("Target photographs"))
  }
}
