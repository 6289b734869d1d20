import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct TargetStatisticsTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private static func model() throws -> TrainedModel {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("conv1", filters: 5, kernel: 3))
    try backbone.add(BatchNormalization("norm1"))
    try backbone.add(Activation("relu1", .relu))
    try backbone.add(Conv2D("conv2", filters: 4, kernel: 3))
    try backbone.add(BatchNormalization("norm2", momentum: 0.9, movingVariance: .unbiased))
    let graph = try backbone.attaching(Head(classes: 2))
    return TrainedModel(
      graph: graph, parameters: .initialized(graph.parameters, seed: 5), classes: ToyTask.classes,
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: 8, height: 8, resize: .squash), preprocessing: .tensorFlow)
  }

  /// What the layer before a normalisation makes of images, channel by channel.
  private func moments(of node: String, _ model: TrainedModel) async throws -> (means: [Double], variances: [Double]) {
    let graph = try model.graph.cut(at: [node])
    let samples = task.training
    let output = try await EngineActor.run {
      let program = try InferenceProgram(graph, parameters: model.parameters, batch: samples.count)
      let loader = ImageLoader(
        samples: samples, view: model.view, preprocessing: model.preprocessing, batch: samples.count)
      for try await batch in loader { return try program.run([graph.inputs[0].name: batch.images])[node] }
      return nil
    }
    let tensor = try #require(output)
    let (channels, area) = (tensor.shape[1], tensor.shape[2] * tensor.shape[3])
    let numbers = tensor.floats
    var (means, variances): ([Double], [Double]) = ([], [])
    for channel in 0..<channels {
      var values: [Double] = []
      for image in 0..<tensor.shape[0] {
        let start = (image * channels + channel) * area
        for index in start..<start + area { values.append(Double(numbers[index])) }
      }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      var squares = 0.0
      for value in values { squares += (value - mean) * (value - mean) }
      means.append(mean)
      variances.append(squares / count)
    }
    return (means, variances)
  }

  @Test(arguments: [12, 4, 2])
  func `the first layer's statistics are those of all images, however they are batched`(batch: Int) async throws {
    let model = try Self.model()
    let adapted = try await model.adaptingStatistics(to: task.training, batch: batch)
    let expected = try await moments(of: "conv1", model)
    let means = try #require(adapted.model.parameters["norm1/moving_mean"]).floats
    let variances = try #require(adapted.model.parameters["norm1/moving_variance"]).floats
    for channel in 0..<5 {
      #expect(abs(Double(means[channel]) - expected.means[channel]) < 1e-5)
      #expect(abs(Double(variances[channel]) / expected.variances[channel] - 1) < 1e-4)
    }
    #expect(adapted.images == 12 && adapted.layers == ["norm1", "norm2"])
    #expect(adapted.shiftOfMeans > 0 && adapted.shiftOfVariances > 0)
  }

  @Test func `later layers' statistics are of what earlier ones make of the new images`() async throws {
    let model = try Self.model()
    let adapted = try await model.adaptingStatistics(to: task.training, batch: 12)
    let expected = try await moments(of: "conv2", adapted.model)
    let means = try #require(adapted.model.parameters["norm2/moving_mean"]).floats
    for channel in 0..<4 { #expect(abs(Double(means[channel]) - expected.means[channel]) < 1e-4) }
  }

  @Test func `everything else keeps every bit, and the same seed gives the same model`() async throws {
    let model = try Self.model()
    let before = try model.hashes
    let adapted = try await model.adaptingStatistics(to: task.training, batch: 4).model
    #expect(try model.hashes == before)
    let after = try adapted.hashes
    let changed = before.keys.filter { before[$0] != after[$0] }.sorted()
    #expect(
      changed == ["norm1/moving_mean", "norm1/moving_variance", "norm2/moving_mean", "norm2/moving_variance"])
    #expect(adapted.graph.nodes.map(\.name) == model.graph.nodes.map(\.name))
    #expect(try await model.adaptingStatistics(to: task.training, batch: 4).model.hashes == after)
  }

  @Test func `unreadable images are skipped, and batches stay full`() async throws {
    let bad = try task.unreadable()
    let adapted = try await Self.model().adaptingStatistics(to: [bad] + task.training, batch: 4)
    #expect(adapted.skipped.count == 1 && adapted.images == 12)
  }

  @Test func `what cannot be adapted says why`() async throws {
    let plain = try ToyTask.model()
    #expect(
      await message { _ = try await plain.adaptingStatistics(to: task.training) }.contains("no batch normalisation"))
    let model = try Self.model()
    #expect(await message { _ = try await model.adaptingStatistics(to: [task.training[0]]) }.contains("full batch"))
    #expect(
      await message { _ = try await model.adaptingStatistics(to: task.training, batch: 1) }.contains("--batch is 1"))
  }
}
