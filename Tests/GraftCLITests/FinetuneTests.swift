import Foundation
import Testing

@Suite struct FinetuneTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// What scripts rely on.
  private struct Report: Decodable {
    let valAccuracy, bestValAccuracy, valLoss: Double
    let epochs: Int
    let classes: [String]
    let imagesTrain, imagesVal, imagesSkipped: Int
    let seconds, imagesPerSecond: Double
    let peakRssBytes, trainableParameters, totalParameters: Int
    let frozenUnchanged: Bool
    let runDirectory: String
    let skipped: [String: String]
  }

  @Test func `a training prints its report as one JSON object and leaves a run`() throws {
    try place.write("photos/blue/Holiday Note.jpg", "no picture")
    let outcome = try place.finetune("--epochs", "3", "--lr", "0.1", "--out", "run", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let report: Report = try outcome.decoded()
    #expect(report.classes == Workplace.classes)
    #expect(report.epochs == 3)
    #expect(report.imagesTrain + report.imagesVal == 10 && (1...2).contains(report.imagesVal))
    #expect(report.imagesSkipped == 1)
    #expect(report.skipped.keys.map { $0 } == ["blue/Holiday Note.jpg"])
    #expect((0...1).contains(report.valAccuracy) && report.valLoss > 0)
    #expect(report.bestValAccuracy >= report.valAccuracy)
    #expect(report.trainableParameters == 2 * 256 + 2 && report.totalParameters == 253_282)
    #expect(report.seconds > 0 && report.imagesPerSecond > 0 && report.peakRssBytes > 1 << 20)
    #expect(report.frozenUnchanged)
    #expect(URL(filePath: report.runDirectory).lastPathComponent == "run")
    for file in ["model.json", "model.safetensors", "history.csv", "run.json"] { #expect(place.exists("run/\(file)")) }
  }

  @Test func `without a terminal there are plain lines, among them every epoch and every skipped file`() throws {
    try place.write("photos/blue/note.jpg", "no picture")
    let outcome = try place.finetune("--epochs", "2", "--out", "run")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(!outcome.messages.contains("\r") && !outcome.messages.contains("\u{1b}"))
    let lines = outcome.messages.split(separator: "\n")
    #expect(lines.first == "data: 9 training and 2 validation images of 2 classes (blue, red)")
    #expect(lines.contains("skipped blue/note.jpg: text, not an image: remove the file, or put the image in its place"))
    #expect(lines.contains("the 71 frozen tensors in run equal those of the random start (SHA-256)"))
    #expect(
      lines.count {
        $0.wholeMatch(of: /epoch \d  loss \S+  accuracy \S+  val_loss \S+  val_accuracy \S+  \S+ s/) != nil
      } == 2)
    #expect(
      lines.last?.hasPrefix("best validation accuracy ") == true && lines.last?.hasSuffix(" saved in run") == true)
  }

  @Test func `without --out runs are numbered`() throws {
    #expect(try place.finetune("--epochs", "1").status == 0)
    #expect(try place.finetune("--epochs", "1").status == 0)
    #expect(place.exists("runs/1/model.json") && place.exists("runs/2/model.json") && !place.exists("runs/3"))
  }

  @Test func `a training goes on from a run, and only with its classes`() throws {
    #expect(try place.finetune("--epochs", "1", "--out", "first").status == 0)
    let second = try place.graft(
      "finetune", "--from", "first", "--data", "photos", "--unfreeze", "all", "--epochs", "1", "--out", "second",
      "--json")
    #expect(second.status == 0, "\(second.messages)")
    #expect(try second.json()["trainable_parameters"] as? Int == 250_978)
    try FileManager.default.moveItem(
      at: place.folder.appending(path: "photos/red"), to: place.folder.appending(path: "photos/pink"))
    let third = try place.graft("finetune", "--from", "first", "--data", "photos", "--out", "third")
    #expect(third.status == 64)
    #expect(
      third.messages == "error: the run tells blue, red apart, but the photographs are of blue, pink; "
        + "begin anew with --backbone and --weights\n")
    #expect(!place.exists("third"))
  }

  @Test func `Ctrl-C ends after the epochs so far, with a whole run and the code 130`() throws {
    let outcome = try place.finetune(
      "--epochs", "1000000", "--out", "run", "--json", interruptedAfter: "epoch 1  loss")
    #expect(outcome.status == 130)
    #expect(outcome.messages.contains("stopping after this step; once more to stop at once\n"))
    #expect(
      outcome.messages.contains(
        "of 1000000 epochs; saving the best of them. Go on with: graft finetune --resume run\n"))
    let epochs = try #require(try outcome.json()["epochs"] as? Int)
    #expect(epochs >= 1 && epochs < 1_000_000)
    for file in ["model.json", "model.safetensors", "history.csv", "run.json"] { #expect(place.exists("run/\(file)")) }
    #expect(try place.graft("predict", "run", "photos/red/0.bmp").status == 0)
    #expect(place.names == ["photos", "run"])
  }

  @Test func `a training that was interrupted goes on to the bytes of one that was not`() throws {
    let options = ["--epochs", "400", "--lr", "0.02", "--dropout", "0.2", "--unfreeze", "last:1"]
    func run(_ out: String, interruptedAfter: String? = nil) throws -> GraftProgram.Outcome {
      try GraftProgram.run(
        place.finetuning + ["--disk-cache", "0", "--out", out] + options, in: place.folder,
        interruptedAfter: interruptedAfter)
    }
    #expect(try run("whole").status == 0)
    #expect(try run("pieces", interruptedAfter: "epoch 3  loss").status == 130)
    #expect(
      place.exists("pieces/training.json") && place.exists("pieces/checkpoints") && place.exists("pieces/run.json"))
    // From another folder, too: the words are those of the first.
    let outcome = try place.graft("finetune", "--resume", place.path("pieces"), "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try outcome.json()["epochs"] as? Int == 400)
    func bytes(_ path: String) throws -> Data { try Data(contentsOf: place.folder.appending(path: path)) }
    #expect(try bytes("whole/model.safetensors") == bytes("pieces/model.safetensors"))
    #expect(!place.exists("pieces/training.json") && !place.exists("pieces/checkpoints"))
    let again = try place.graft("finetune", "--resume", "pieces")
    #expect(again.status == 64 && again.messages.contains("is finished"), "\(again.messages)")
    #expect(try place.graft("finetune", "--resume", "photos").status == 66)
  }

  @Test func `one seed gives one model`() throws {
    for (seed, out) in [("1", "a"), ("1", "b"), ("2", "c")] {
      #expect(try place.finetune("--epochs", "2", "--seed", seed, "--out", out).status == 0)
    }
    func model(_ run: String) throws -> Data {
      try Data(contentsOf: place.folder.appending(path: "\(run)/model.safetensors"))
    }
    #expect(try model("a") == model("b"))
    #expect(try model("a") != model("c"))
  }
}
