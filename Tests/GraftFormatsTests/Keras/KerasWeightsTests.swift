import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

extension KerasWeights {
  /// `name: weight weight`, a line a layer.
  fileprivate var outline: [String] {
    layers.map { "\($0.name): \($0.weights.map(\.name).joined(separator: " "))" }
  }
}

@Suite struct `Keras weights` {
  @Test func `of Keras 1 keep names with slashes, order, and layers without weights`() throws {
    let file = try KerasWeights(contentsOf: fixture("keras1.h5"))
    #expect(
      file.outline == [
        "input_1: ", "fire2/squeeze1x1: fire2/squeeze1x1_W:0 fire2/squeeze1x1_b:0", "fire2/relu: ",
        "conv10: conv10_W:0 conv10_b:0",
      ])
    let kernel = file.layers[3].weights[0].tensor
    #expect(kernel.shape == [3, 3, 2, 4])
    #expect(kernel.floats == ramp(72, from: 300))
    #expect(file.layers[1].weights[1].tensor.floats == ramp(2, from: 200))
    #expect(file.kerasVersion == nil)
    #expect(file.backend == nil)
    #expect(file.modelConfiguration == nil)
    #expect(!file.hasTrainingConfiguration)
  }

  @Test(arguments: [
    ("float16", DataType.float16, Float(1)), ("float32", .float32, 2), ("float64", .float64, 3), ("int8", .int8, 4),
    ("int64", .int64, 5), ("uint16", .uint16, 6), ("float16_big", .float16, 7), ("float32_big", .float32, 8),
    ("float64_big", .float64, 9), ("int32_big", .int32, 10),
  ])
  func `of every element type and byte order keep type and elements`(
    name: String, dataType: DataType, start: Float
  ) throws {
    let weights = try KerasWeights(contentsOf: fixture("element-types.h5")).layers[0].weights
    let tensor = try #require(weights.first { $0.name == name }).tensor
    #expect(tensor.dataType == dataType)
    #expect(tensor.shape == [2, 3])
    #expect(tensor.floats == ramp(6, from: start))
  }

  @Test func `in compressed chunks, scalars and nothing at all are read`() throws {
    let weights = try KerasWeights(contentsOf: fixture("element-types.h5")).layers[0].weights
    let tensors = Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.tensor) })
    #expect(tensors["gzip"]?.floats == ramp(35, from: 11))
    #expect(tensors["gzip_big"]?.floats == ramp(35, from: 12))
    #expect(tensors["gzip_big"]?.shape == [5, 7])
    #expect(tensors["scalar"]?.shape == [])
    #expect(tensors["scalar"]?.floats == [13])
    #expect(tensors["none"]?.shape == [0, 4])
  }

  @Test func `of a whole model come with its configuration and its own weights`() throws {
    let file = try KerasWeights(contentsOf: fixture("full-model.h5"))
    #expect(
      file.outline == [
        "base: conv/kernel:0 conv/bias:0", "dense: dense/kernel:0", "top_level_model_weights: scale:0",
      ])
    #expect(file.layers[1].weights[0].tensor.floats == ramp(4, from: 3))
    #expect(file.layers[2].weights[0].tensor.floats == [4])
    #expect(file.kerasVersion == "2.2.4-tf")
    #expect(file.backend == "tensorflow")
    #expect(file.modelConfiguration == "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"größe\"}}")
    #expect(file.hasTrainingConfiguration)
  }

  @Test func `with lists in pieces and a block in front are read`() throws {
    let file = try KerasWeights(contentsOf: fixture("split-attributes.h5"))
    #expect(file.outline == ["a: k l", "b: k l", "c: k l"])
    #expect(file.layers.flatMap(\.weights).map(\.tensor.floats) == (0..<6).map { ramp(2, from: Float(5 * $0)) })
  }

  @Test func `in the latest file format are read`() throws {
    let file = try KerasWeights(contentsOf: fixture("superblock3.h5"))
    #expect(file.layers[0].weights[0].tensor.floats == ramp(4, from: 1))
  }

  @Test func `live on when the file is replaced`() throws {
    let folder = try TemporaryFolder()
    let url = try folder.file("a.h5", Data(contentsOf: fixture("keras1.h5")))
    let file = try KerasWeights(contentsOf: url)
    try AtomicFile.write(to: url) { try $0.write([0]) }
    #expect(file.layers[3].weights[0].tensor.floats == ramp(72, from: 300))
  }

  @Test func `are read by many threads at once`() async throws {
    let url = try fixture("element-types.h5")
    let missing = try fixture("missing-weight.h5")
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<64 {
        group.addTask {
          guard index % 2 == 0 else { return message { _ = try KerasWeights(contentsOf: missing) }.contains("bias:0") }
          return (try? KerasWeights(contentsOf: url).layers[0].weights[10].tensor.floats) == ramp(35, from: 11)
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
