import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

/// Trainings of other tasks than one classification, and by other means than gradients.
@Suite struct TaskTests {
  private let task: ToyTask

  init() throws { task = try ToyTask(training: 24, validation: 8) }

  /// Pooled features of a frozen convolution, with the given heads on them.
  private func model(_ heads: [Head]) throws -> TrainedModel {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("conv1", filters: 6, kernel: 3, activation: .relu))
    let graph = try backbone.attaching(heads)
    return TrainedModel(
      graph: graph, parameters: .initialized(graph.parameters, seed: 1), tasks: heads.map(\.task),
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: 8, height: 8, resize: .squash), preprocessing: .tensorFlow)
  }

  private func samples(_ samples: [Sample], _ targets: (Int) -> [Target]) -> [Sample] {
    samples.map { Sample(url: $0.url, path: $0.path, targets: targets($0.label ?? 0)) }
  }

  private func trainer(
    _ heads: [Head], _ configuration: TrainingConfiguration, solver: HeadSolver? = nil,
    _ targets: (Int) -> [Target]
  ) throws -> Trainer {
    let model = try model(heads)
    let stages = try TransferPlan().applied(
      to: model, epochs: configuration.epochs, learningRate: configuration.learningRate, solver: solver, seed: 0
    ).stages
    return try Trainer(
      model, stages: stages, configuration: configuration, training: samples(task.training, targets),
      validation: samples(task.validation, targets))
  }

  private let values = PredictionTask.regression(values: ["price", "age"])
  private let labels = PredictionTask.multiLabel(labels: ["cold", "warm", "coloured"])
  private let classes = PredictionTask.classification(classes: ["blue", "red"])

  private func prices(_ label: Int) -> Target { .values([label == 0 ? 1000 : 3000, label == 0 ? 2 : 1]) }
  private func tags(_ label: Int) -> Target { .labels(label == 0 ? [0, 2] : [1, 2]) }

  @Test func `values are learnt in their own units`() async throws {
    let scaling = ValueScaling(mean: [2000, 1.5], deviation: [1000, 0.5])
    let configuration = ToyTask.configuration(epochs: 60, learningRate: 0.2)
    let result = try await trainer([Head(values, scaling: scaling)], configuration) { [prices($0)] }.run()
    #expect(result.best.valAccuracy == nil && result.best.accuracy == nil)
    #expect(try #require(result.best.metrics["r2"]) > 0.9 && #require(result.best.metrics["mae"]) < 150)
    for prediction in result.validation {
      let expected: [Float] = prediction.sample.path.contains("blue") ? [1000, 2] : [3000, 1]
      #expect(abs(prediction.outputs[0][0] - expected[0]) < 500 && abs(prediction.outputs[0][1] - expected[1]) < 0.25)
    }
    // What the saved network tells is what the training told.
    let (again, _) = try await result.model.predict(result.validation.map(\.sample))
    for (one, other) in zip(result.validation, again) {
      for (first, second) in zip(one.outputs[0], other.outputs[0]) { #expect(abs(first - second) < 0.01) }
    }
  }

  @Test func `labels are learnt each apart from the others`() async throws {
    let configuration = ToyTask.configuration(epochs: 60, learningRate: 0.5)
    let result = try await trainer([Head(labels)], configuration) { [tags($0)] }.run()
    #expect(result.best.valAccuracy == 1 && result.best.metrics["macro_f1"] == 1)
    for prediction in result.validation { #expect(prediction.outputs[0][2] > 0.8) }
  }

  @Test func `several heads learn at once, each as it would alone`() async throws {
    let configuration = ToyTask.configuration(epochs: 5, learningRate: 0.1)
    let both = try await trainer([Head(classes, name: "1"), Head(labels, name: "2")], configuration) {
      [.oneClass($0), tags($0)]
    }.run()
    #expect(both.validation[0].outputs.map(\.count) == [2, 3])
    // A linear head on what holds still does not see the others: its gradient is its own.
    let alone = try await trainer([Head(classes, name: "1")], configuration) { [.oneClass($0)] }.run()
    for name in ["head_1_dense/kernel", "head_1_dense/bias"] {
      let (one, other) = try (
        #require(both.model.parameters[name]), #require(alone.model.parameters[name])
      )
      for (first, second) in zip(one.floats, other.floats) { #expect(abs(first - second) < 1e-5) }
    }
  }

  @Test(arguments: [HeadSolver(.lbfgs), HeadSolver(.lbfgs, strength: 1), HeadSolver(.prototype)])
  func `a head on what holds still is solved at once`(solver: HeadSolver) async throws {
    let configuration = ToyTask.configuration(epochs: 5)
    let result = try await trainer([Head(classes, dropout: 0.5)], configuration, solver: solver) {
      [.oneClass($0)]
    }.run()
    #expect(result.history.count == 1 && result.best.valAccuracy == 1)
    // The frozen part keeps its bytes.
    let start = try model([Head(classes, dropout: 0.5)])
    #expect(
      try result.model.hashes.filter { $0.key.hasPrefix("conv1") }
        == start.hashes.filter { $0.key.hasPrefix("conv1") })
  }

  @Test func `a solved head has no gradient left but the regularisation's`() async throws {
    let configuration = ToyTask.configuration(epochs: 1, learningRate: 1e-6)
    let result = try await trainer([Head(classes)], configuration, solver: HeadSolver(.lbfgs, strength: 1e6)) {
      [.oneClass($0)]
    }.run()
    #expect(result.best.loss < 0.02)
  }

  @Test func `labels and values are solved, too`() async throws {
    let configuration = ToyTask.configuration()
    let tagged = try await trainer([Head(labels)], configuration, solver: HeadSolver(.lbfgs)) { [tags($0)] }.run()
    #expect(tagged.best.valAccuracy == 1)
    let priced = try await trainer(
      [Head(values, scaling: ValueScaling(mean: [2000, 1.5], deviation: [1000, 0.5]))], configuration,
      solver: HeadSolver(.lbfgs)
    ) { [prices($0)] }.run()
    #expect(try #require(priced.best.metrics["r2"]) > 0.9)
  }

  @Test func `what cannot be solved is refused`() async throws {
    let configuration = ToyTask.configuration()
    let deep = try trainer([Head(classes, hidden: [4])], configuration, solver: HeadSolver(.lbfgs)) { [.oneClass($0)] }
    let said = await message { _ = try await deep.run() }
    #expect(said.contains("a solver needs a head of one dense layer"), "\(said)")
  }

  @Test func `a solved head is where the next stage begins`() async throws {
    let model = try model([Head(classes)])
    let stages = try TransferPlan(StagedPlan(.all)).applied(
      to: model, epochs: 3, learningRate: 0.001, solver: HeadSolver(.lbfgs), seed: 0
    ).stages
    #expect(stages.map(\.epochs) == [1, 3])
    let result = try await Trainer(
      model, stages: stages, configuration: ToyTask.configuration(), training: task.training,
      validation: task.validation
    ).run()
    #expect(result.history.map(\.stage) == [1, 2, 2, 2])
    #expect(result.history[1].loss < 0.4, "\(result.history)")
  }

  @Test func `a target of another kind is refused`() async throws {
    let said = await message { _ = try trainer([Head(values)], ToyTask.configuration()) { [.oneClass($0)] } }
    #expect(said == "train/blue/0.bmp cannot be learnt from: the class 0 is none of the 2 values that the model tells")
  }
}
