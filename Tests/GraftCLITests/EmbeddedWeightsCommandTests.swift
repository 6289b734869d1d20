import Foundation
import GraftImages
import Testing

/// `--weights` left out.
@Suite struct EmbeddedWeightsCommandTests {
  private func pictures(in folder: URL) throws {
    for (label, level) in [("dark", 40), ("light", 200)] {
      let place = folder.appending(path: "pictures/\(label)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for number in 0..<5 {
        let pixels = [UInt8](repeating: UInt8(level + number * 4), count: 48 * 48 * 3)
        try RGBImage(width: 48, height: 48, pixels: pixels).writePNG(to: place.appending(path: "\(number).png"))
      }
    }
  }

  @Test func `a network that Graft carries is fine-tuned without a weight file`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graft-cli-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try pictures(in: folder)
    let outcome = try GraftProgram.run(
      "finetune", "--backbone", "squeezenet-tiny", "--data", "pictures", "--epochs", "1", "--out", "run", "--json",
      in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let json = try outcome.json()
    #expect(json["frozen_unchanged"] as? Bool == true)
    #expect(outcome.messages.contains("weights: squeezenet-tiny.safetensors, which Graft carries; 71 tensors bound"))
    #expect(!outcome.messages.contains("customary"))
    let record = try Data(contentsOf: folder.appending(path: "run/run.json"))
    let source = try (JSONSerialization.jsonObject(with: record) as? [String: Any])?["source"] as? [String: Any]
    #expect(source?["weights"] as? String == "embedded")
  }

  @Test func `any other network asks for its weights`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graft-cli-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try pictures(in: folder)
    let outcome = try GraftProgram.run("finetune", "--backbone", "vgg16", "--data", "pictures", in: folder)
    #expect(outcome.status == 64)
    #expect(
      outcome.messages.hasPrefix(
        "Error: --weights is missing: name the file that holds the network's numbers, or fetch the published one: "
          + "graft weights fetch vgg16\n"))
  }
}
