import Foundation
import Graft
import Testing

@Suite struct MovedSourceTests {
  @Test func `a training is saved though its weight file has gone, and says that nothing was compared`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graft-moved-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let photos = folder.appending(path: "photos")
    for (label, level) in [("dark", 40), ("light", 200)] {
      let place = photos.appending(path: label)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<3 {
        let pixels = [UInt8](repeating: UInt8(level + index), count: 4 * 4 * 3)
        try RGBImage(width: 4, height: 4, pixels: pixels).writePNG(to: place.appending(path: "\(index).png"))
      }
    }
    let weights = folder.appending(path: "tiny.safetensors")
    let embedded = try Backbone("squeezenet-tiny")
    try SafetensorsFile.write(
      embedded.parameters.tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) },
      metadata: ["preprocessing": String(decoding: try JSONEncoder().encode(Preprocessing.tensorFlow), as: UTF8.self)],
      to: weights)

    let backbone = try Backbone("squeezenet-tiny", weights: weights, inputSize: 48)
    let tuning = try FineTuning(
      backbone, on: ImageDatasets.open(photos, seed: 1), configuration: TrainingConfiguration(epochs: 1))
    let result = try await tuning.run()
    try FileManager.default.removeItem(at: weights)
    let run = folder.appending(path: "run")
    let record = try tuning.save(result, to: run)
    #expect(record.frozenUnchanged == nil)
    #expect(record.source.sha256.count == 64)
    #expect(try ModelFiles.read(from: run).classes == ["dark", "light"])
  }
}
