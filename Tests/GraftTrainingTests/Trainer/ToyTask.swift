import Foundation
import GraftFormats
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors

@testable import GraftTraining

/// Small pictures of two colours and a network of two convolutions to tell them apart: a training of milliseconds.
final class ToyTask {
  let folder: URL
  let training: [Sample]
  let validation: [Sample]

  static let classes = ["blue", "red"]

  /// Draws the pictures: noise around one colour for each class.
  init(training: Int = 12, validation: Int = 6) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "graft-training-\(UUID().uuidString)")
    var generator = SeededGenerator(seed: 7, stream: 0)
    func draw(_ count: Int, _ set: String, in folder: URL) throws -> [Sample] {
      try (0..<count).map { number in
        let label = number % 2
        let path = "\(set)/\(Self.classes[label])/\(number).bmp"
        let url = folder.appending(path: path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Self.bitmap(label, &generator).write(to: url)
        return Sample(url: url, path: path, label: label)
      }
    }
    self.training = try draw(training, "train", in: folder)
    self.validation = try draw(validation, "val", in: folder)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A file of the folder that is no image, as a sample of the first class.
  func unreadable(_ path: String = "train/blue/note.jpg") throws -> Sample {
    let url = folder.appending(path: path)
    try Data("no picture".utf8).write(to: url)
    return Sample(url: url, path: path, label: 0)
  }

  /// A bitmap of 8 × 8 pixels, three bytes each: blue, green, red.
  private static func bitmap(_ label: Int, _ generator: inout SeededGenerator) -> Data {
    func word(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let header =
      Array("BM".utf8) + word(54 + 192, 4) + word(0, 4) + word(54, 4) + word(40, 4) + word(8, 4) + word(8, 4)
      + word(1, 2) + word(24, 2) + word(0, 4) + word(192, 4) + word(2835, 4) + word(2835, 4) + word(0, 8)
    let pixels = (0..<64).flatMap { _ in
      (0..<3).map { channel in
        let bright = channel == 2 * label
        return UInt8((bright ? 150 : 50) + 90 * generator.nextUniform())
      }
    }
    return Data(header + pixels)
  }

  /// - Parameter seed: of the frozen part; the head starts at zero.
  static func model(dropout: Float = 0, seed: UInt64 = 1) throws -> TrainedModel {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("conv1", filters: 6, kernel: 3, activation: .relu))
    try backbone.add(Conv2D("conv2", filters: 6, kernel: 3, activation: .relu))
    let graph = try backbone.attaching(Head(classes: 2, dropout: dropout))
    return TrainedModel(
      graph: graph, parameters: .initialized(graph.parameters, seed: seed), classes: classes,
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: 8, height: 8, resize: .squash), preprocessing: .tensorFlow)
  }

  func trainer(
    _ unfreeze: LayerSelector = .head, _ configuration: TrainingConfiguration = ToyTask.configuration(),
    model: TrainedModel? = nil, dropout: Float = 0, adding extra: [Sample] = [], validation: [Sample]? = nil
  ) throws -> Trainer {
    let model = try model ?? Self.model(dropout: dropout)
    return try Trainer(
      model, plan: FreezePlan(unfreeze, graph: model.graph, head: model.head), configuration: configuration,
      training: extra + training, validation: validation ?? self.validation)
  }

  static func configuration(
    epochs: Int = 3, learningRate: Double = 0.1, seed: UInt64 = 0, isStrict: Bool = false, cacheSize: Int = 1 << 30
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      epochs: epochs, batch: 5, learningRate: learningRate, seed: seed, isStrict: isStrict, cacheSize: cacheSize)
  }
}

extension TrainingResult {
  /// The history without what the clock decides.
  var timeless: [EpochRecord] {
    history.map { record in
      var record = record
      record.seconds = 0
      return record
    }
  }
}

extension TrainedModel {
  /// Every tensor of the model by its SHA-256: equal where all bits are.
  var hashes: [String: String] {
    get throws { try parameters.tensors.mapValues { try ContentHash.sha256(of: $0) } }
  }
}

/// What `body` throws, in words; "nothing" where it throws nothing.
func message(_ body: () async throws -> Void) async -> String {
  do {
    try await body()
    return "nothing"
  } catch {
    return "\(error)"
  }
}
