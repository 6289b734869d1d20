import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

/// Heads whose scores are angles.
@Suite struct CosineHeadTests {
  private static func model(scale: Float = 10, dropout: Float = 0) throws -> TrainedModel {
    var model = try ToyTask.model()
    let backbone = try LayerGraph(input: [3, 8, 8]).adding {
      try $0.add(Conv2D("conv1", filters: 6, kernel: 3, activation: .relu))
      try $0.add(Conv2D("conv2", filters: 6, kernel: 3, activation: .relu))
    }
    model.graph = try backbone.attaching(Head(classes: 2, kind: .cosine(scale: scale), dropout: dropout))
    model.parameters = .initialized(model.graph.parameters, seed: 2)
    model.head = Set(model.graph.nodes.map(\.name).filter { backbone[$0] == nil })
    return model
  }

  @Test(arguments: [LayerSelector.head, .all])
  func `they learn to tell two colours apart`(unfreeze: LayerSelector) async throws {
    let task = try ToyTask()
    let result = try await task.trainer(
      unfreeze, ToyTask.configuration(epochs: 12, learningRate: 0.05), model: Self.model()
    ).run()
    #expect(result.best.valAccuracy == 1)
    let last = try #require(result.history.last)
    #expect(last.loss < 0.7 * result.history[0].loss)
  }

  @Test(arguments: [0, 0.3] as [Float])
  func `nearest prototypes by the angle are the head`(dropout: Float) async throws {
    let task = try ToyTask(training: 24, validation: 12)
    let model = try Self.model(scale: 7, dropout: dropout)
    let stages = try TransferPlan().applied(
      to: model, epochs: 1, learningRate: 0.1, solver: HeadSolver(.prototype), seed: 0
    ).stages
    let result = try await Trainer(
      model, stages: stages, configuration: ToyTask.configuration(), training: task.training,
      validation: task.validation
    ).run()
    // The prototype classifier on features taken by themselves.
    var features = model
    features.graph = try model.features
    func rows(_ samples: [Sample]) async throws -> [FeatureMatrix] {
      let (extracted, _) = try await features.asValues(6).predict(samples)
      return extracted.map { FeatureMatrix($0.outputs[0], width: 6) }
    }
    let training = try await rows(task.training).flatMap(\.values)
    let classifier = try NearestPrototype(distance: .cosine).fit(
      FeatureMatrix(training, width: 6), labels: task.training.compactMap(\.label), classes: 2)
    for (prediction, row) in zip(result.validation, try await rows(task.validation)) {
      let length = row.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let scores = classifier(row).map { 7 * Double($0) / Double(length) }
      let total = scores.reduce(0) { $0 + exp($1) }
      for (probability, score) in zip(prediction.probabilities, scores) {
        #expect(abs(Double(probability) - exp(score) / total) < 1e-5)
      }
    }
    #expect(result.validation.count == 12 && result.best.valAccuracy == 1)
  }

  @Test func `a class without a photograph is told of none`() async throws {
    let task = try ToyTask(training: 24, validation: 12)
    var model = try Self.model()
    model.tasks = [.classification(classes: ToyTask.classes + ["green"])]
    let backbone = try model.features.cut(at: ["conv2"])
    model.graph = try backbone.attaching(Head(model.tasks[0], kind: .cosine()))
    model.parameters.merge(.initialized(model.graph.parameters.filter { $0.layer == "head_dense" }, seed: 2))
    let stages = try TransferPlan().applied(
      to: model, epochs: 1, learningRate: 0.1, solver: HeadSolver(.prototype), seed: 0
    ).stages
    let result = try await Trainer(
      model, stages: stages, configuration: ToyTask.configuration(), training: task.training,
      validation: task.validation
    ).run()
    for prediction in result.validation { #expect(prediction.probabilities[2] < 0.01) }
  }

  @Test func `they have no optimum that is solved for`() async throws {
    let task = try ToyTask()
    let model = try Self.model()
    let stages = try TransferPlan().applied(
      to: model, epochs: 1, learningRate: 0.1, solver: HeadSolver(.lbfgs), seed: 0
    ).stages
    let trainer = try Trainer(
      model, stages: stages, configuration: ToyTask.configuration(), training: task.training,
      validation: task.validation)
    let said = await message { _ = try await trainer.run() }
    #expect(said.hasSuffix("a cosine head takes --solver prototype"), "\(said)")
  }

  @Test func `how long weights are changes no prediction`() async throws {
    let task = try ToyTask()
    var model = try Self.model()
    let before = try await model.predict(task.validation).predictions
    let kernel = try #require(model.parameters["head_dense/kernel"])
    // Rows by powers of two: not a bit of the directions changes.
    model.parameters["head_dense/kernel"] = Tensor(
      kernel.floats.enumerated().map { $1 * ($0 < 6 ? 8 : 0.25) }, shape: kernel.shape)
    let after = try await model.predict(task.validation).predictions
    #expect(before.map(\.probabilities) == after.map(\.probabilities))
  }
}

extension TrainedModel {
  /// The same network as if its outputs were values.
  fileprivate func asValues(_ count: Int) -> TrainedModel {
    var other = self
    other.tasks = [.regression(values: (0..<count).map(String.init))]
    return other
  }
}

extension LayerGraph {
  fileprivate func adding(_ build: (inout LayerGraph) throws -> Void) throws -> LayerGraph {
    var graph = self
    try build(&graph)
    return graph
  }
}
