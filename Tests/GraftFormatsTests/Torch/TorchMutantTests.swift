import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `Damaged PyTorch files` {
  @Test(
    arguments: [
      "state-legacy.pt", "types-legacy.pt", "views-legacy.pt", "module-legacy.pt", "state.pt", "views.pt",
      "deflated.pt", "scripted.pt",
    ])
  func `are read or refused, never worse`(name: String) throws {
    let folder = try TemporaryFolder()
    let original = try Array(Data(contentsOf: fixture("torch/\(name)")))
    var generator = SeededGenerator(seed: 11)
    var refused = 0
    for _ in 0..<400 {
      let url = try folder.file("mutant", mutant(of: original, &generator))
      do {
        for (_, tensor) in try TorchCheckpoint(contentsOf: url).tensors { _ = tensor.floats }
      } catch let error as FormatError {
        refused += 1
        #expect(error.description.hasPrefix(url.path))
      }
    }
    #expect(refused > 100)
  }

  /// Behind an archive's checksum a mutant would never reach the pickle.
  @Test(arguments: ["state.pt", "types.pt", "views.pt", "checkpoint.pt", "protocol4.pt", "module.pt", "scripted.pt"])
  func `are read or refused with their pickles alone damaged`(name: String) throws {
    let archive = try ZipArchive(contentsOf: fixture("torch/\(name)"))
    let entry = try #require(archive.entries.first { $0.name.hasSuffix("data.pkl") })
    let original = try archive.contents(of: entry)
    let elements = [UInt8](repeating: 1, count: 4096)
    var generator = SeededGenerator(seed: 12)
    var refused = 0
    for _ in 0..<1000 {
      let bytes = mutant(of: original, &generator)
      do {
        var position = 0
        let document = try bytes.withUnsafeBytes { try PickleMachine.read($0, at: &position) }
        for entry in try TorchStateDictionary(document).entries {
          let storage = elements.withUnsafeBytes { StorageBytes(copying: $0) }
          _ = try entry.tensor.tensor(in: storage, name: entry.name).floats
        }
      } catch is PickleError {
        refused += 1
      }
    }
    #expect(refused > 200)
  }

  private func mutant(of original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let index = Int.random(in: bytes.indices, using: &generator)
      bytes[index] =
        [0, 0xff, UInt8(ascii: "("), UInt8(ascii: "R"), 0x85, .random(in: 0...255, using: &generator)]
        .randomElement(using: &generator) ?? 0
    }
    if Int.random(in: 0..<4, using: &generator) == 0 {
      bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
    }
    return bytes
  }
}
