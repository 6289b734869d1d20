import Foundation
import Testing

/// Trainings that are killed, and what others find of them.
@Suite struct FinetuneResumeTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private static let options = ["--epochs", "60", "--lr", "0.02", "--dropout", "0.2", "--unfreeze", "last:1"]

  private func train(
    _ out: String, killedAfter message: String? = nil, _ environment: [String: String] = [:]
  ) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      place.finetuning + ["--checkpoint-every", "0", "--disk-cache", "0", "--out", out] + Self.options,
      in: place.folder, interruptedAfter: message, by: SIGKILL, environment: environment)
  }

  private func resume(_ run: String, _ environment: [String: String] = [:]) throws -> GraftProgram.Outcome {
    try GraftProgram.run(["finetune", "--resume", run, "--json"], in: place.folder, environment: environment)
  }

  private func model(_ run: String) throws -> Data {
    try Data(contentsOf: place.folder.appending(path: "\(run)/model.safetensors"))
  }

  private func contents(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place.path(folder)).sorted()
  }

  private static let finished = ["history.csv", "model.json", "model.safetensors", "plan.json", "predictions.csv"]

  @Test func `killed, and the cache emptied: the same bytes`() throws {
    let cache = ["GRAFT_CACHE": place.path("cache")]
    #expect(try train("whole", cache).status == 0)
    #expect(place.exists("cache/algorithms"))
    #expect(try train("pieces", killedAfter: "epoch 3  loss", cache).status == SIGKILL)
    #expect(try contents("pieces").contains("training.lock"))
    try FileManager.default.removeItem(at: place.folder.appending(path: "cache"))
    let outcome = try resume("pieces", cache)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("going on within epoch "))
    #expect(try model("whole") == model("pieces"))
    #expect(try contents("pieces") == contents("whole"))
    #expect(try outcome.json()["warnings"] as? [String] == [])
  }

  @Test func `two processes do not train into one run directory`() throws {
    #expect(try train("run", killedAfter: "epoch 2  loss").status == SIGKILL)
    let file = try FileHandle(forUpdating: place.folder.appending(path: "run/training.lock"))
    #expect(flock(file.fileDescriptor, LOCK_EX | LOCK_NB) == 0, "the lock must go with the process")
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data("\(getpid())\n".utf8))
    let before = try contents("run")
    for outcome in try [resume("run"), train("run")] {
      #expect(outcome.status == 74)
      #expect(outcome.messages.contains("another process (\(getpid())) is training into"), "\(outcome.messages)")
    }
    #expect(try contents("run") == before)
    try file.close()
    #expect(try resume("run").status == 0)
    #expect(!place.exists("run/training.lock"))
  }

  @Test func `what was left before anything was under way stands in nobody's way`() throws {
    try place.write("run/.training.json.1f0c.partial", "{")
    try place.write("run/training.lock", "1234567\n")
    #expect(try place.finetune("--epochs", "1", "--out", "run").status == 0)
    #expect(try contents("run").allSatisfy { !$0.hasPrefix(".") && $0 != "training.lock" })
    try place.write("other/.training.json.1f0c.partial", "{")
    try place.write("other/notes.txt", "mine")
    let refused = try place.finetune("--epochs", "1", "--out", "other")
    #expect(refused.status == 74 && refused.messages.contains("other exists already and is not empty"))
    #expect(try contents("other") == [".training.json.1f0c.partial", "notes.txt"])
  }

  @Test func `a refused training leaves no folder`() throws {
    let outcome = try place.graft("finetune", "--backbone", "squeezenet-tiny", "--data", "missing")
    #expect(outcome.status == 66)
    #expect(place.names == ["photos"])
  }

  @Test func `another number of threads is a warning`() throws {
    #expect(try train("run", killedAfter: "epoch 2  loss", ["OMP_NUM_THREADS": "1"]).status == SIGKILL)
    let outcome = try resume("run", ["OMP_NUM_THREADS": "2"])
    #expect(outcome.status == 0)
    let warning =
      "this training began with 1 thread and went on with 2, so its last bits may not be those that it would have come to. "
      + "OMP_NUM_THREADS=1 asks for the first number"
    #expect(outcome.messages.contains("warning: \(warning)\n"), "\(outcome.messages)")
    #expect(try outcome.json()["warnings"] as? [String] == [warning])
  }

  @Test func `a run that cannot be saved says how it is finished`() throws {
    #expect(try train("run", killedAfter: "epoch 2  loss").status == SIGKILL)
    let inTheWay = place.folder.appending(path: "run/model.safetensors")
    try FileManager.default.createDirectory(
      at: inTheWay.appending(path: "something"), withIntermediateDirectories: true)
    let refused = try resume("run")
    #expect(refused.status == 74)
    #expect(refused.messages.contains("the training can be finished when that is mended: graft finetune --resume "))
    #expect(!place.exists("run/run.json") && place.exists("run/training.json"))
    try FileManager.default.removeItem(at: inTheWay)
    let outcome = try resume("run")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(Set(Self.finished).isSubset(of: try contents("run")))
  }
}
