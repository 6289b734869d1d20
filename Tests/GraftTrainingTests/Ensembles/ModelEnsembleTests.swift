import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct ModelEnsembleTests {
  private let task: ToyTask
  /// One backbone with three heads, as folds leave it.
  private let models: [TrainedModel]

  init() throws {
    task = try ToyTask()
    let model = try ToyDomain.model(normalized: true)
    models = (0..<3).map { number in
      var generator = SeededGenerator(seed: UInt64(number), stream: 1)
      var model = model
      for name in ["head_dense/kernel", "head_dense/bias"] {
        guard let shape = model.parameters[name]?.shape else { continue }
        model.parameters[name] = Tensor((0..<shape.count).map { _ in generator.nextUniform() - 0.5 }, shape: shape)
      }
      return model
    }
  }

  private func members(_ models: [TrainedModel]) -> [ModelEnsemble.Member] {
    models.enumerated().map {
      ModelEnsemble.Member(name: "\($0)", model: $1, precision: PrecisionChoice(.float32, .run))
    }
  }

  /// What the models say one by one, in the mean.
  private func mean(of models: [TrainedModel], _ samples: [Sample]) async throws -> [[Float]] {
    var sums = [[Float]](repeating: [0, 0], count: samples.count)
    for model in models {
      let (predictions, _) = try await model.predict(samples)
      for (row, prediction) in predictions.enumerated() {
        for place in 0..<2 { sums[row][place] += prediction.probabilities[place] / Float(models.count) }
      }
    }
    return sums
  }

  private func requireMean(_ models: [TrainedModel]) async throws {
    let unreadable = try task.unreadable()
    let (predictions, skipped) = try await ModelEnsemble(members(models)).predict([unreadable] + task.validation)
    #expect(skipped.map(\.sample) == [unreadable])
    #expect(predictions.map(\.sample) == task.validation)
    for (found, expected) in zip(predictions, try await mean(of: models, task.validation)) {
      for (found, expected) in zip(found.probabilities, expected) { #expect(abs(found - expected) < 1e-5) }
    }
  }

  @Test func `the mean of models of one backbone, which is run once`() async throws {
    #expect(LayerGraph.commonBeginning(of: models) == ["head_pool"])
    try await requireMean(models)
  }

  @Test func `models part where their numbers do`() async throws {
    var models = models
    let kernel = try #require(models[1].parameters["conv2/kernel"])
    models[1].parameters["conv2/kernel"] = Tensor(kernel.floats.map { $0 * 1.5 }, shape: kernel.shape)
    #expect(LayerGraph.commonBeginning(of: models) == ["relu1"])
    try await requireMean(models)
    let first = try #require(models[2].parameters["conv1/bias"])
    models[2].parameters["conv1/bias"] = Tensor(first.floats.map { $0 + 0.1 }, shape: first.shape)
    #expect(LayerGraph.commonBeginning(of: models).isEmpty)
    try await requireMean(models)
  }

  @Test func `models that see images differently, and the same model twice, are averaged, too`() async throws {
    var models = models
    models[1].view.resize = .shorterSideAndCrop
    try await requireMean(models)
    #expect(LayerGraph.commonBeginning(of: [models[0], models[0]]).isEmpty)
    try await requireMean([models[0], models[0]])
    try await requireMean([models[0]])
  }

  @Test func `inputs may have other names, and what one member cannot read nobody tells of`() async throws {
    var models = Array(models.prefix(2))
    let graph = models[1].graph
    var renamed = LayerGraph()
    for node in graph.nodes {
      let inputs = node.inputs.map { $0 == graph.inputs[0].name ? "data" : $0 }
      if node.layer is InputLayer {
        try renamed.add(InputLayer("data", shape: node.shape))
      } else {
        try renamed.add(node.layer, after: inputs, as: node.name)
      }
    }
    models[1].graph = renamed
    try await requireMean(models)
    // A strip, whose shorter side cannot be enlarged without the other growing beyond measure.
    models[1].view.resize = .shorterSideAndCrop
    let strip = task.folder.appending(path: "val/strip.bmp")
    try Self.strip(height: 2_500_000).write(to: strip)
    let sample = Sample(url: strip, path: "strip.bmp", label: 0)
    let (predictions, skipped) = try await ModelEnsemble(members(models)).predict([sample] + task.validation)
    #expect(skipped.map(\.sample) == [sample])
    #expect(try await models[0].predict([sample]).skipped.isEmpty)
    #expect(predictions.map(\.sample) == task.validation)
    let expected = try await mean(of: models, task.validation)
    #expect(abs(predictions[0].probabilities[0] - expected[0][0]) < 1e-5)
  }

  /// A bitmap of one column.
  private static func strip(height: Int) -> Data {
    func word(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let header =
      Array("BM".utf8) + word(54 + 4 * height, 4) + word(0, 4) + word(54, 4) + word(40, 4) + word(1, 4)
      + word(height, 4)
      + word(1, 2) + word(24, 2) + word(0, 4) + word(4 * height, 4) + word(2835, 4) + word(2835, 4) + word(0, 8)
    return Data(header) + Data(repeating: 90, count: 4 * height)
  }

  @Test func `runs below a folder are an ensemble, in the order of their numbers`() throws {
    let folder = task.folder.appending(path: "runs")
    for number in [2, 10, 1] {
      let run = folder.appending(path: "fold-\(number)")
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      try ModelFiles.write(models[number % 3], to: run)
    }
    try FileManager.default.createDirectory(
      at: folder.appending(path: "notes"), withIntermediateDirectories: true)
    let ensemble = try ModelEnsemble(contentsOf: folder)
    #expect(ensemble.members.map { URL(filePath: $0.name).lastPathComponent } == ["fold-1", "fold-2", "fold-10"])
    #expect(try ModelEnsemble(contentsOf: folder.appending(path: "fold-2")).members.count == 1)
    #expect(throws: TrainingError.self) { try ModelEnsemble(contentsOf: folder.appending(path: "notes")) }
    var stranger = models[0]
    stranger.tasks = [.classification(classes: ["a", "b"])]
    #expect(throws: TrainingError.differentTasks(one: "0", other: "1")) {
      try ModelEnsemble(members([models[0], stranger]))
    }
  }
}
