import Foundation
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

/// A model with many kinds of operators, in few bytes.
private let many: ONNXModel = {
  let nodes = [
    node("Transpose", ["x"], "t", ["perm": .integers([0, 3, 1, 2])]),
    node("Pad", ["t", "pads"], "p", ["mode": .text("constant")]),
    node("Conv", ["p", "w"], "c", ["strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1])]),
    node("BatchNormalization", ["c", "v", "v", "v", "v"], "b", ["epsilon": .float(0.001)]),
    node("Clip", ["b", "zero", "six"], "r"),
    node("MaxPool", ["r"], "m", ["kernel_shape": .integers([2, 2]), "ceil_mode": .integer(1)]),
    node("Resize", ["m", "", "scales"], "u", ["mode": .text("nearest")]),
    node("Slice", ["u", "starts", "ends", "axes"], "s"), node("Split", ["s"], "q", ["axis": .integer(1)]),
    node("LRN", ["q"], "l", ["size": .integer(3)]), node("Concat", ["l", "q"], "k", ["axis": .integer(-1)]),
    node("DepthToSpace", ["k"], "d", ["blocksize": .integer(2)]),
    node("Shape", ["d"], "shape"), node("Gather", ["shape", "first"], "n"),
    node("Concat", ["n", "rest"], "target", ["axis": .integer(0)]), node("Reshape", ["d", "target"], "f"),
    node("ReduceSum", ["f", "last"], "e", ["keepdims": .integer(0)]), node("Softmax", ["e"], "y"),
  ]
  let constants = [
    "pads": integers([0, 0, 1, 1, 0, 0, 1, 1]), "w": Tensor(zeros: [4, 3, 2, 2]), "v": vector(1, 2, 3, 4),
    "zero": number(0), "six": number(6), "scales": vector(1, 1, 2, 1.5), "starts": integers([0, 1]),
    "ends": integers([.max, 3]), "axes": integers([1, 2]), "first": integers([0]), "rest": integers([2, -1]),
    "last": integers([-1]),
  ]
  return tiny(nodes, constants, input: [8, 8, 3])
}()

@Suite struct `Damaged ONNX models` {
  @Test func `are sound before they are damaged`() throws {
    #expect(try imported(many).graph.output?.shape == [2])
  }

  @Test func `become graphs or are refused in words, never worse`() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "graft-\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: url) }
    try many.write(to: url)
    let original = try [UInt8](Data(contentsOf: url))
    var generator = SeededGenerator(seed: 11)
    var refused = 0
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: bytes.indices, using: &generator)
        let choices: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, .random(in: 0...255, using: &generator)]
        bytes[index] = choices.randomElement(using: &generator) ?? 0
      }
      let owner = NSData(data: Data(bytes))
      let buffer = UnsafeRawBufferPointer(start: owner.bytes, count: owner.length)
      do {
        let model = try ONNXModel(bytes: buffer, owner: owner, name: "mutant.onnx")
        _ = try ONNXImporter(model, name: "mutant.onnx").network()
      } catch let error as FormatError {
        refused += 1
        #expect(error.description.hasPrefix("mutant.onnx "))
      } catch let error as ImportError {
        refused += 1
        #expect(error.description.hasPrefix("mutant.onnx "))
      }
    }
    #expect(refused > 1000)
  }
}
