import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct GradCAMTests {
  private let task: ToyTask
  private let model: TrainedModel

  init() throws {
    task = try ToyTask(training: 12, validation: 5)
    model = try ToyDomain.model()
  }

  @Test func `before a mean and a dense layer, the weights of the class weigh the map`() async throws {
    let (explanations, skipped) = try await GradCAM(model).explain(task.validation) { _ in (0, 1) }
    #expect(explanations.map(\.prediction.sample) == task.validation && skipped.isEmpty)
    let features = try await output(of: model.graph.cut(at: ["conv2"]), for: task.validation)
    let kernel = try #require(model.parameters["head_dense/kernel"])
    for (image, explanation) in explanations.enumerated() {
      let map = features[rows: image..<image + 1].floats
      let strengths = (0..<16).map { place in
        max((0..<6).reduce(Float(0)) { $0 + map[$1 * 16 + place] * weight(kernel, from: $1, to: 1) }, 0)
      }
      #expect(explanation.map.rows == 4 && explanation.map.columns == 4)
      let greatest = try #require(strengths.max())
      for (found, expected) in zip(explanation.map.values, strengths) {
        #expect(abs(found - (greatest > 0 ? expected / greatest : 0)) < 1e-5)
      }
    }
    #expect(explanations.contains { $0.map.values.contains(1) })
  }

  @Test func `of an earlier map, each channel weighs as finite differences of the score say`() async throws {
    // Without a kink after the map, differences are as exact as their step is small.
    var model = model
    model.graph = try model.graph.rebuilt { node in
      guard node.name == "conv2", var layer = node.layer as? Conv2D else { return node.layer }
      layer.activation = .tanh
      return layer
    }
    let method = try GradCAM(model, layer: "conv1")
    let (explanations, _) = try await method.explain(task.validation) { _ in (0, 0) }
    let features = try await output(of: model.graph.cut(at: ["conv1"]), for: task.validation)
    let after = try model.logits.suffix(after: ["conv1"])
    let places = 36
    func scores(adding change: Float, to channel: Int) async throws -> [Float] {
      var moved = features.floats
      for image in task.validation.indices {
        for place in 0..<places { moved[(image * 6 + channel) * places + place] += change }
      }
      let input = Tensor(moved, shape: features.shape)
      let results = try await EngineActor.run { [model] in
        try InferenceProgram(after, parameters: model.parameters, batch: 5).run(["conv1": input])
      }
      return try #require(results[after.outputs[0]]).floats
    }
    var strengths = [[Float]](repeating: [Float](repeating: 0, count: places), count: 5)
    for channel in 0..<6 {
      let (above, below) = try await (scores(adding: 1e-2, to: channel), scores(adding: -1e-2, to: channel))
      for image in strengths.indices {
        let weight = (above[2 * image] - below[2 * image]) / 2e-2 / Float(places)
        for place in 0..<places {
          strengths[image][place] += weight * features.floats[(image * 6 + channel) * places + place]
        }
      }
    }
    for (explanation, strengths) in zip(explanations, strengths) {
      let expected = ActivationMap(rows: 6, columns: 6, strengths: strengths.map { max($0, 0) })
      for (found, expected) in zip(explanation.map.values, expected.values) { #expect(abs(found - expected) < 1e-3) }
    }
    #expect(explanations.contains { $0.map.values.contains(1) })
  }

  @Test func `an image's map does not hang on the images beside it, and the predictions are the model's`() async throws
  {
    let method = try GradCAM(model)
    let many = task.training + task.validation
    let (together, _) = try await method.explain(many)
    let (predictions, _) = try await model.predict(many)
    for (explanation, prediction) in zip(together, predictions) {
      let (alone, _) = try await method.explain([explanation.prediction.sample])
      for (one, other) in zip(alone[0].map.values, explanation.map.values) { #expect(abs(one - other) < 1e-5) }
      #expect(abs(explanation.prediction.probabilities[0] - prediction.probabilities[0]) < 1e-6)
      #expect(explanation.task == 0)
      #expect(explanation.output == (prediction.probabilities[1] > prediction.probabilities[0] ? 1 : 0))
    }
  }

  @Test func `a second head's scores are its own`() async throws {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("conv", filters: 4, kernel: 3, activation: .relu))
    let heads = [
      Head(.classification(classes: ["a", "b"]), name: "first"), Head(.multiLabel(labels: ["c", "d"]), name: "second"),
    ]
    let graph = try backbone.attaching(heads)
    var parameters = Parameters.initialized(graph.parameters, seed: 3)
    // The first label likes what no channel has, the second what all have; the classes like nothing.
    for parameter in graph.parameters where parameter.name.hasPrefix("head_second") && parameter.shape.count == 8 {
      parameters[parameter.name] = Tensor(
        (0..<8).map { parameter.shape[1] == 2 ? ($0 % 2 == 1 ? 1 : -1) : ($0 / 4 == 1 ? 1 : -1) },
        shape: parameter.shape)
    }
    let model = TrainedModel(
      graph: graph, parameters: parameters, tasks: heads.map(\.task),
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }), view: self.model.view,
      preprocessing: .tensorFlow)
    let method = try GradCAM(model)
    func maps(_ output: Int) async throws -> [ActivationMap] {
      try await method.explain(task.validation) { _ in (1, output) }.explanations.map(\.map)
    }
    #expect(try await maps(0).allSatisfy { $0.values.allSatisfy { $0 == 0 } })
    #expect(try await maps(1).allSatisfy { $0.values.contains(1) })
  }

  @Test func `what is no feature map is refused by name`() async throws {
    #expect(try GradCAM(model).layer == "conv2")
    #expect(
      await message { _ = try GradCAM(model, layer: "head_dense") }
        == "“head_dense” is not a feature map of several places through which all goes that the network tells; the last of "
        + "those are “conv1”, “conv2”")
    var flat = try LayerGraph(input: [3, 8, 8])
    try flat.add(Flatten("flat", order: .channelsLast))
    let graph = try flat.attaching(Head(classes: 2))
    let blind = TrainedModel(
      graph: graph, parameters: .initialized(graph.parameters, seed: 0), classes: ToyTask.classes,
      head: ["head_dense", "head_softmax"], view: model.view, preprocessing: .tensorFlow)
    #expect(throws: AttributionError.noFeatureMap) { try GradCAM(blind) }
  }

  private func output(of graph: LayerGraph, for samples: [Sample]) async throws -> Tensor {
    try await EngineActor.run { [model] in
      var loader = ImageLoader(samples: samples, view: model.view, preprocessing: model.preprocessing, batch: 5)
        .makeAsyncIterator()
      let images = try #require(try await loader.next()).images
      let program = try InferenceProgram(graph, parameters: model.parameters, batch: 5)
      return try #require(try program.run([graph.inputs[0].name: images])[graph.outputs[0]])
    }
  }

  /// Of a dense kernel, whichever of its axes is the classes'.
  private func weight(_ kernel: Tensor, from feature: Int, to output: Int) -> Float {
    kernel.floats[kernel.shape[0] == 6 ? feature * 2 + output : output * 6 + feature]
  }
}
