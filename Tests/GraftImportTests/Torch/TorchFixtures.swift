import Foundation
import GraftArchitectures
import GraftEngine
import GraftGraph
import GraftTensors

@testable import GraftImport

/// Numbers by the rule of `tools/reference/import_torch_fixtures.py`, so that whole networks need no weight file.
enum DrawnNumbers {
  /// −0.5…0.5: Knuth's multiplicative hash of the index, begun at the Fowler–Noll–Vo hash of the name.
  static func drawn(_ name: String, count: Int) -> [Double] {
    let start = name.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return (0..<count).map { index in
      Double(UInt32(truncatingIfNeeded: index + 1) &* 2_654_435_761 &+ start) / 4_294_967_296 - 0.5
    }
  }

  /// What a tensor of a state dictionary holds.
  static func tensor(_ name: String, _ shape: Shape) -> Tensor {
    let numbers = drawn(name, count: shape.count)
    let scale = shape.rank > 1 ? (24 / Double(shape.dimensions.dropFirst().reduce(1, *))).squareRoot() : 1
    let isFactor = shape.rank == 1 && (name.hasSuffix("running_var") || name.hasSuffix("weight"))
    return Tensor(
      numbers.map { Float(shape.rank > 1 ? scale * $0 : isFactor ? 1 + 0.5 * $0 : 0.2 * $0) }, shape: shape)
  }

  /// A whole network's.
  static func dictionary(of graph: LayerGraph) -> StateDictionary {
    StateDictionary(graph.parameters.map { ($0.torchName, tensor($0.torchName, $0.shape)) }, file: "drawn.pth")
  }

  static func images(size: Int) -> Tensor {
    Tensor(drawn("images", count: 3 * size * size).map { Float(4 * $0) }, shape: [1, 3, size, size])
  }
}

/// An architecture or a file, the size of the images, and PyTorch's logits.
struct ExpectedLogits: Decodable {
  let name: String
  let size: Int
  let logits: [Float]

  init(from decoder: any Decoder) throws {
    var row = try decoder.unkeyedContainer()
    name = try row.decode(String.self)
    size = try row.decode(Int.self)
    logits = try row.decode([Float].self)
  }

  static func all(_ file: String) throws -> [ExpectedLogits] {
    try JSONDecoder().decode([ExpectedLogits].self, from: Data(contentsOf: fixture("torch/\(file)")))
  }

  /// The largest difference from `found` over the largest magnitude.
  func difference(from found: [Float]) -> Float {
    guard found.count == logits.count else { return .infinity }
    let largest = logits.map(abs).max() ?? 0
    return (zip(found, logits).map { abs($0 - $1) }.max() ?? .infinity) / largest
  }
}

@EngineActor
func logits(_ graph: LayerGraph, _ parameters: Parameters, _ images: Tensor) throws -> [Float] {
  try InferenceProgram(graph.withoutFinalSoftmax(), parameters: parameters, batch: 1).run(images).floats
}

/// The network that `tiny.pth` and its like are of.
enum TinyTorchNetwork {
  static let architecture = make()

  static func make(filters: Int = 4, channels: Int = 3) -> Architecture {
    Architecture(
      name: "tiny-torch", title: "Tiny", source: "these tests", defaultInputSize: 8, minimumInputSize: 4,
      preprocessing: .torch
    ) { size, classes throws(GraphError) in
      var graph = try LayerGraph(input: [channels, size.height, size.width])
      try graph.add(Conv2D("conv1", filters: filters, kernel: 3, usesBias: false))
      try graph.add(BatchNormalization("bn1", epsilon: 1e-5))
      try graph.add(Activation("relu", .relu))
      try graph.add(MaxPooling2D("pool", size: 2))  // at 8: [4, 3, 3]
      if let classes {
        try graph.add(Flatten("flatten", order: .channelsFirst))
        try graph.add(Dense("fc", units: classes))
        try graph.add(Activation("softmax", .softmax))
      }
      return graph
    }
  }
}
