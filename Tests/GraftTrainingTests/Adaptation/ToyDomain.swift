import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

@testable import GraftTraining

/// A toy's photographs at dusk: every level a third of what it was, and what that makes of a network's outputs.
struct ToyDomain {
  let task: ToyTask
  let samples: [Sample]

  init(_ task: ToyTask, count: Int) throws {
    self.task = task
    samples = try (0..<count).map { number in
      let original = task.training[number % task.training.count]
      var bytes = try Data(contentsOf: original.url)
      for index in 54..<bytes.count { bytes[index] = UInt8(Int(bytes[index]) / 3 + number / task.training.count) }
      let path = "dusk/\(number).bmp"
      let url = task.folder.appending(path: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: url)
      return Sample(url: url, path: path, label: 0)
    }
  }

  /// The toy's network with a head that says something: at zero, nothing draws covariances anywhere.
  static func model(normalized: Bool = false) throws -> TrainedModel {
    var backbone = try LayerGraph(input: [3, 8, 8])
    if normalized {
      try backbone.add(Conv2D("conv1", filters: 6, kernel: 3))
      try backbone.add(BatchNormalization("norm1"))
      try backbone.add(Activation("relu1", .relu))
    } else {
      try backbone.add(Conv2D("conv1", filters: 6, kernel: 3, activation: .relu))
    }
    try backbone.add(Conv2D("conv2", filters: 6, kernel: 3, activation: .relu))
    let graph = try backbone.attaching(Head(classes: 2))
    var parameters = Parameters.initialized(graph.parameters, seed: 1)
    var generator = SeededGenerator(seed: 2, stream: 0)
    for parameter in graph.parameters where parameter.name == "head_dense/kernel" {
      parameters[parameter.name] = Tensor(
        (0..<parameter.shape.count).map { _ in 4 * generator.nextUniform() - 2 }, shape: parameter.shape)
    }
    return TrainedModel(
      graph: graph, parameters: parameters, classes: ToyTask.classes,
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: 8, height: 8, resize: .squash), preprocessing: .tensorFlow)
  }

  /// ‖Cₛ − Cₜ‖² / 4d², with covariances formed as the paper writes them.
  static func distance(_ source: [[Double]], _ target: [[Double]]) -> Double {
    func covariance(_ rows: [[Double]]) -> [Double] {
      let width = rows[0].count
      let means = (0..<width).map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
      return (0..<width * width).map { place in
        let (first, second) = (place / width, place % width)
        return rows.reduce(0) { $0 + ($1[first] - means[first]) * ($1[second] - means[second]) }
          / Double(rows.count - 1)
      }
    }
    guard source.count > 1, target.count > 1 else { return 0 }
    let width = Double(source[0].count)
    return zip(covariance(source), covariance(target)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / (4 * width * width)
  }

  /// Softmax cross-entropy, the mean.
  static func crossEntropy(_ rows: [[Double]], _ labels: [Int]) -> Double {
    zip(rows, labels).reduce(0) { sum, image in
      sum + log(image.0.reduce(0) { $0 + exp($1) }) - image.0[image.1]
    } / Double(rows.count)
  }
}
