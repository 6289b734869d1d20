import Foundation
import GraftGraph
import GraftImages
import GraftTensors
import GraftTraining

/// Small pictures and a network of two stages: advice within a second.
final class AdviceToy: Sendable {
  let folder = FileManager.default.temporaryDirectory.appending(path: "graft-advice-\(UUID().uuidString)")
  let data: ImageDatasets

  /// What tells the two classes apart.
  enum Difference {
    /// The colour, which any network sees.
    case colour
    /// Nothing.
    case none
  }

  init(_ difference: Difference, training: Int = 40, validation: Int = 8, classes: [String] = ["a", "b"]) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var generator = SeededGenerator(seed: 3, stream: 0)
    let folder = folder
    func draw(_ count: Int, _ side: String) throws -> [Sample] {
      try (0..<count).map { number in
        let label = number % classes.count
        let pixels = (0..<64).flatMap { _ in
          (0..<3).map { channel in
            let isBright = difference == .colour ? channel == 2 * label : generator.nextUniform() < 0.5
            return UInt8((isBright ? 150 : 50) + 90 * generator.nextUniform())
          }
        }
        let url = folder.appending(path: "\(side)\(number).png")
        try RGBImage(width: 8, height: 8, pixels: pixels).writePNG(to: url)
        return Sample(url: url, path: url.lastPathComponent, label: label)
      }
    }
    data = ImageDatasets(
      tasks: [.classification(classes: classes)], training: try draw(training, "train"),
      validation: try draw(validation, "val"), division: .given)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// - Parameter norm: the moments of a batch normalisation before the second convolution; none where nil.
  static func model(norm: (mean: Float, variance: Float)? = nil) throws -> TrainedModel {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("conv1", filters: 6, kernel: 3, activation: .relu))
    if norm != nil { try backbone.add(BatchNormalization("norm")) }
    try backbone.add(MaxPooling2D("pool", size: 2))
    try backbone.add(Conv2D("conv2", filters: 8, kernel: 3, activation: .relu))
    let graph = try backbone.attaching(Head(classes: 2))
    var parameters = Parameters.initialized(graph.parameters, seed: 1)
    if let norm {
      parameters["norm/moving_mean"] = Tensor(repeating: norm.mean, shape: [6])
      parameters["norm/moving_variance"] = Tensor(repeating: norm.variance, shape: [6])
    }
    return TrainedModel(
      graph: graph, parameters: parameters, classes: ["a", "b"],
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: 8, height: 8, resize: .squash), preprocessing: .tensorFlow)
  }
}
