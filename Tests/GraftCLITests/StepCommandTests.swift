import Foundation
import Testing

/// What of `graft finetune` decides how a step is computed, and not what it is.
@Suite struct StepCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func model(_ run: String) throws -> Data {
    try Data(contentsOf: place.folder.appending(path: "\(run)/model.safetensors"))
  }

  @Test func `a training in little memory learns the same to the last bit`() throws {
    for memory in ["fast", "low"] {
      let run = try place.finetune(
        "--epochs", "2", "--unfreeze", "all", "--lr", "0.01", "--memory", memory, "--out", memory)
      #expect(run.status == 0, "\(run.messages)")
    }
    #expect(try model("low") == model("fast"))
  }

  @Test func `batches can make one step together, and none cannot`() throws {
    let together = try place.finetune("--epochs", "1", "--batch", "2", "--accumulate", "3", "--out", "together")
    #expect(together.status == 0, "\(together.messages)")
    let apart = try place.finetune("--epochs", "1", "--batch", "2", "--out", "apart")
    #expect(apart.status == 0, "\(apart.messages)")
    #expect(try model("together") != model("apart"))
    let none = try place.finetune("--accumulate", "0", "--out", "none")
    #expect(none.status == 64 && none.messages.contains("--accumulate is 0; expected at least 1"), "\(none.messages)")
  }
}
