import Foundation
import Graft
import Testing

/// The network that Graft carries, used without any file.
@Suite struct EmbeddedBackboneTests {
  @Test func `a backbone without weights has the numbers that Graft carries`() throws {
    let backbone = try Backbone("squeezenet-tiny")
    #expect(backbone.weights == nil)
    #expect(backbone.preprocessing == .tensorFlow)
    #expect(backbone.report.bound.count == backbone.graph.parameters.count)
    #expect(backbone.report.unused.isEmpty)
    // Not the random start, and not nothing.
    let random = try Backbone(untrained: "squeezenet-tiny", seed: 1)
    for parameter in backbone.graph.parameters {
      let numbers = try #require(backbone.parameters[parameter.name]).floats
      #expect(!numbers.contains { !$0.isFinite })
      #expect(numbers != random.parameters[parameter.name]?.floats, "\(parameter.name)")
    }
  }

  @Test func `a run on it says embedded, and its frozen tensors are those that Graft carries`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graft-embedded-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (label, level) in [("dark", 40), ("light", 200)] {
      let place = folder.appending(path: "pictures/\(label)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for number in 0..<5 {
        let pixels = [UInt8](repeating: UInt8(level + number * 4), count: 48 * 48 * 3)
        try RGBImage(width: 48, height: 48, pixels: pixels).writePNG(to: place.appending(path: "\(number).png"))
      }
    }
    let data = try ImageDatasets.open(folder.appending(path: "pictures"), seed: 1)
    let tuning = try FineTuning(
      Backbone("squeezenet-tiny", inputSize: 48), on: data, configuration: TrainingConfiguration(epochs: 1))
    let run = folder.appending(path: "run")
    let record = try tuning.save(try await tuning.run(), to: run)

    #expect(record.source.weights == "embedded")
    let embedded = try #require(EmbeddedWeights.of(.squeezenetTiny))
    let hash = try ContentHash.sha256(of: embedded.bytes)
    #expect(record.source.sha256 == hash)
    #expect(record.frozenUnchanged == true)
    let file = try SafetensorsFile(bytes: embedded.bytes, owner: embedded, name: embedded.file)
    let saved = try SafetensorsFile(contentsOf: run.appending(path: ModelFiles.weights))
    for (name, tensor) in file.tensors {
      #expect(saved[name]?.floats == tensor.floats, "\(name)")
    }
  }
}
