import Foundation
import GraftArchitectures
import GraftGraph
import GraftTensors
import Testing

/// A convolution, a module of two branches and a classifier on a flattened map: what can go wrong in an import, small.
/// `tools/reference/import_fixtures.py` writes its weight files.
enum TinyNetwork {
  static let architecture = make()

  /// - Parameters:
  ///   - filters: of the first convolution, 4 in the files.
  ///   - channels: of the images, 3 in the files.
  static func make(filters: Int = 4, channels: Int = 3, usesBias: Bool = true) -> Architecture {
    Architecture(
      name: "tiny", title: "Tiny", source: "these tests", defaultInputSize: 8, minimumInputSize: 4
    ) { size, classes throws(GraphError) in
      var graph = try LayerGraph(input: [channels, size.height, size.width])
      try graph.add(Conv2D("conv1", filters: filters, kernel: 3, usesBias: usesBias, activation: .relu))
      try graph.add(Conv2D("fire/squeeze1x1", filters: 2, kernel: 1, activation: .relu))
      // Created before its neighbour but listed after it, as the concatenation has them.
      try graph.add(
        Conv2D("fire/expand3x3", filters: 3, kernel: 3, padding: .same, activation: .relu), after: ["fire/squeeze1x1"])
      try graph.add(Conv2D("fire/expand1x1", filters: 3, kernel: 1, activation: .relu), after: ["fire/squeeze1x1"])
      try graph.add(Concatenate("fire/concat"), after: ["fire/expand1x1", "fire/expand3x3"])
      try graph.add(MaxPooling2D("pool", size: 2))  // at 8: [6, 3, 3]
      if let classes {
        try graph.add(Flatten("flatten", order: .channelsLast))
        try graph.add(Dropout("dropout", rate: 0.5))
        try graph.add(Dense("predictions", units: classes, activation: .softmax))
      }
      return graph
    }
  }

  /// The first number of each kernel in the files; biases begin 1000 later.
  static let starts = [
    "conv1": 0, "fire/squeeze1x1": 200, "fire/expand1x1": 300, "fire/expand3x3": 400, "predictions": 500,
  ]

  /// What every file says, in Graft's layout: elements counted in TensorFlow's.
  static func expected(_ parameter: ParameterSpecification) throws -> [Float] {
    let start = try #require(starts[parameter.layer])
    let shape = parameter.shape
    switch (parameter.role, shape.rank) {
    case (.bias, _):
      return (0..<shape.count).map { Float(start + 1000 + $0) }
    case (.kernel, 4):
      let stored = Tensor(
        (0..<shape.count).map { Float(start + $0) }, shape: [shape[2], shape[3], shape[1], shape[0]])
      return stored.permuted([3, 2, 0, 1]).floats
    default:
      return Tensor((0..<shape.count).map { Float(start + $0) }, shape: [shape[1], shape[0]]).permuted([1, 0]).floats
    }
  }
}

/// A file of this target's Fixtures folder.
func fixture(_ name: String) throws -> URL {
  try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil)).appending(path: name)
}

/// What `body` throws, in words; "nothing" where it throws nothing.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing"
  } catch {
    return "\(error)"
  }
}

/// A file beside the checkout that is not ours to keep in the repository.
func sharedWeights(_ name: String) -> URL? {
  var folder = URL(filePath: #filePath)
  for _ in 0..<4 { folder.deleteLastPathComponent() }
  let file = folder.appending(path: "shared/weights/\(name)")
  return FileManager.default.fileExists(atPath: file.path) ? file : nil
}
