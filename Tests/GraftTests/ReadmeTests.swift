import Foundation
import Graft
import Testing

/// What README.md shows under “From Swift”, compiled and run.
@Suite struct ReadmeTests {
  @Test func `the lines in the README run as they stand`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graft-readme-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (weights, photos, run) = try Self.material(in: folder)
    let photo = photos.appending(path: "red/0.bmp")

    let backbone = try Backbone("squeezenet", weights: weights)
    let data = try ImageDatasets.open(photos, seed: 1)
    let tuning = try FineTuning(backbone, on: data, unfreeze: .head)
    for try await event in tuning.events() {
      if case .epochEnded(let epoch) = event { print(epoch.epoch, epoch.valAccuracy ?? epoch.valLoss) }
      if case .finished(let result) = event {
        try tuning.save(result, to: run)
        let (predictions, _) = try await result.model.predict([Sample(url: photo, path: "new", label: nil)])
        for guess in predictions[0].guesses { print(guess.label, guess.probability) }
      }
    }

    let saved = try ModelFiles.read(from: run)
    #expect(saved.classes == ["blue", "red"])
    let (again, _) = try await saved.predict([Sample(url: photo, path: "new", label: nil)])
    let guesses = try #require(again.first?.guesses)
    #expect(Set(guesses.map(\.label)) == ["blue", "red"])
    #expect(abs(guesses.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
  }

  @Test func `those lines are the README's`() throws {
    let here = URL(filePath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let block = try #require(readme.firstMatch(of: /```swift\nimport Graft\n\n(?<lines>[\s\S]*?)```/)).lines
    let test = try String(contentsOf: here, encoding: .utf8)
    let indented = block.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
    #expect(!block.isEmpty && test.contains(indented))
  }

  /// SqueezeNet with random numbers, and red and blue pictures.
  private static func material(in folder: URL) throws -> (weights: URL, photos: URL, run: URL) {
    let weights = folder.appending(path: "squeezenet.safetensors")
    let photos = folder.appending(path: "photos")
    for (name, colour) in [("red", [0, 0, 200] as [UInt8]), ("blue", [200, 0, 0])] {
      let classFolder = photos.appending(path: name)
      try FileManager.default.createDirectory(at: classFolder, withIntermediateDirectories: true)
      for index in 0..<4 {
        let shade = colour.map { $0 &+ UInt8(index * 10) }
        try Data(bitmap(of: shade)).write(to: classFolder.appending(path: "\(index).bmp"))
      }
    }
    let graph = try Architecture.squeezenet.graph()
    let numbers = Parameters.initialized(graph.parameters, seed: 1)
    try SafetensorsFile.write(
      graph.parameters.compactMap { parameter in
        numbers[parameter.name].map { (name: parameter.name, tensor: $0) }
      },
      metadata: [
        "format": "graft",
        "preprocessing": String(decoding: try JSONEncoder().encode(Preprocessing.caffe), as: UTF8.self),
      ], to: weights)
    return (weights, photos, folder.appending(path: "run"))
  }

  /// A Windows bitmap of 2×2 pixels of one colour, blue, green, red.
  private static func bitmap(of colour: [UInt8]) -> [UInt8] {
    let pixels = (colour + colour + [0, 0]) + (colour + colour + [0, 0])
    let header: [UInt8] = [0x42, 0x4d, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0]
    let format: [UInt8] =
      [40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0] + [UInt8](repeating: 0, count: 24)
    return header + format + pixels
  }
}
