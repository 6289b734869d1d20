import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

/// Readers whose every line is Graft's own survive any file; HDF5's library does not, and is tested file by file.
@Suite struct `Damaged files` {
  @Test(arguments: [
    "c-order.npy", "structure.npy", "reference.safetensors", "bfloat16.safetensors", "onnx/types.onnx",
    "onnx/attributes.onnx",
  ])
  func `are read or refused, never worse`(name: String) throws {
    let folder = try TemporaryFolder()
    let original = try Array(Data(contentsOf: fixture(name)))
    var generator = SeededGenerator(seed: 7)
    var refused = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: bytes.indices, using: &generator)
        bytes[index] =
          [0, 0xff, UInt8(ascii: "-"), UInt8(ascii: "9"), .random(in: 0...255, using: &generator)]
          .randomElement(using: &generator) ?? 0
      }
      if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
      let url = try folder.file("mutant", bytes)
      do {
        if name.hasSuffix("npy") {
          _ = try NumPyFile.read(contentsOf: url).floats
        } else if name.hasSuffix("onnx") {
          _ = try ONNXModel(contentsOf: url).graph.initializers.map(\.tensor.floats)
        } else {
          _ = try SafetensorsFile(contentsOf: url).tensors.map(\.tensor.floats)
        }
      } catch let error as FormatError {
        refused += 1
        #expect(error.description.hasPrefix(url.path))
      }
    }
    #expect(refused > 500)
  }
}
