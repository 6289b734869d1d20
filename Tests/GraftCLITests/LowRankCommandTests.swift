import Foundation
import Testing

/// `--lora`: products of small kernels learn in place of the network's own.
@Suite struct LowRankCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 3)
    try place.writeWeights()
  }

  private func finetune(_ options: String...) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      [
        "finetune", "--backbone", "squeezenet-tiny", "--weights", "tiny.safetensors", "--image-size", "48", "--data",
        "photos", "--disk-cache", "0", "--epochs", "2",
      ] + options, in: place.folder)
  }

  @Test func `the run holds the network that there was, and its plan comes to the same bytes`() throws {
    let trained = try finetune("--unfreeze", "last:2", "--lora", "2", "--out", "run")
    #expect(trained.status == 0, "\(trained.messages)")
    #expect(trained.messages.contains("/lora_a"))
    #expect(trained.messages.contains("frozen tensors in run equal those of the source file"))
    let description = try String(contentsOf: place.folder.appending(path: "run/model.json"), encoding: .utf8)
    #expect(!description.contains("lora"))
    let plan = try String(contentsOf: place.folder.appending(path: "run/plan.json"), encoding: .utf8)
    #expect(plan.contains("\"low_rank\" : 2"))
    #expect(try place.graft("predict", "run", "photos/red/1.bmp").status == 0)
    #expect(try finetune("--plan", "run/plan.json", "--out", "again").status == 0)
    func weights(_ run: String) throws -> Data {
      try Data(contentsOf: place.folder.appending(path: "\(run)/model.safetensors"))
    }
    #expect(try weights("run") == weights("again"))
  }

  @Test func `adapters that would stand beside nothing are refused`() throws {
    let head = try finetune("--lora", "2", "--out", "run")
    #expect(head.status == 64 && head.lastMessage.contains("say which, as in --unfreeze last-stage:1"))
    let rank = try finetune("--unfreeze", "all", "--lora", "0", "--out", "run")
    #expect(rank.status == 64 && rank.messages.contains("--lora is 0; expected at least 1"))
    #expect(!place.exists("run"))
  }
}
