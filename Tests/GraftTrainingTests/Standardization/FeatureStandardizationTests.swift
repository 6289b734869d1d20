import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

/// Values learnt from features in the hundreds, at the default rate.
@Suite struct FeatureStandardizationTests {
  private let pictures: ColouredPictures
  private static let task = PredictionTask.regression(values: ["warmth"])

  init() throws { pictures = try ColouredPictures(training: 320, validation: 80) }

  /// Two convolutions whose numbers are so large that what the head reads lies in the hundreds.
  private func model(standardizes: Bool, dropout: Float = 0) throws -> TrainedModel {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("conv1", filters: 12, kernel: 3, activation: .relu))
    try backbone.add(Conv2D("conv2", filters: 24, kernel: 3, activation: .relu))
    let graph = try backbone.attaching(
      Head(
        Self.task, dropout: dropout, scaling: pictures.scaling, standardizesFeatures: standardizes))
    var parameters = Parameters.initialized(graph.parameters, seed: 3)
    let kernel = try #require(parameters["conv2/kernel"])
    parameters["conv2/kernel"] = Tensor(kernel.floats.map { $0 * 1000 }, shape: kernel.shape)
    return TrainedModel(
      graph: graph, parameters: parameters, tasks: [Self.task],
      head: Set(graph.nodes.map(\.name).filter { backbone[$0] == nil }),
      view: EvaluationView(width: 8, height: 8, resize: .squash), preprocessing: .tensorFlow)
  }

  private func trainer(
    _ model: TrainedModel, solver: HeadSolver? = nil,
    _ configuration: TrainingConfiguration = TrainingConfiguration()
  ) throws -> Trainer {
    let stages = try TransferPlan().applied(
      to: model, epochs: configuration.epochs, learningRate: configuration.learningRate, solver: solver, seed: 0
    ).stages
    return try Trainer(
      model, stages: stages, configuration: configuration, training: pictures.training,
      validation: pictures.validation)
  }

  private func r2(_ result: TrainingResult) throws -> Double { try #require(result.best.metrics["r2"]) }

  @Test func `the default rate comes near the solver's optimum, where it ran away`() async throws {
    let plain = try model(standardizes: false)
    let solved = try r2(await trainer(plain, solver: HeadSolver(.lbfgs)).run())
    #expect(solved > 0.9, "\(solved)")
    // As before: either the loss is no number any more, or nothing has been learnt.
    let before = try? await r2(trainer(plain).run())
    #expect(before ?? -1 < 0.3, "\(before ?? -1)")

    let fresh = try model(standardizes: true)
    let measured = try #require(await FeatureStandardization(fresh, on: pictures.training))
    #expect(measured.measuredOn == 64 && measured.originalSquaredLength > 10_000)
    let result = try await trainer(fresh.standardizing(by: measured)).run()
    let reached = try r2(result)
    #expect(reached > solved - 0.02, "\(reached) beside \(solved)")
    // What the saved network tells is what the training told.
    let (again, _) = try await result.model.predict(result.validation.map(\.sample))
    for (one, other) in zip(result.validation, again) { #expect(abs(one.outputs[0][0] - other.outputs[0][0]) < 0.01) }
  }

  @Test func `a solved head tells the same, whether it standardizes or not`() async throws {
    let fresh = try model(standardizes: true, dropout: 0.2)
    let measured = try #require(await FeatureStandardization(fresh, on: pictures.training))
    let solver = HeadSolver(.lbfgs, strength: 1)
    let one = try await trainer(fresh.standardizing(by: measured), solver: solver).run()
    let other = try await trainer(model(standardizes: false), solver: solver).run()
    for (first, second) in zip(one.validation, other.validation) {
      #expect(abs(first.outputs[0][0] - second.outputs[0][0]) < 0.02)
    }
  }

  @Test func `what is remembered of photographs does not depend on it`() throws {
    let model = try model(standardizes: true, dropout: 0.2)
    let plan = try FreezePlan(.head, graph: model.graph, head: model.head)
    #expect(try plan.frontier(of: model.logits) == ["head_pool"])
    #expect(try model.features.outputs == ["head_pool"])
  }

  @Test func `the same photographs give the same numbers, and unreadable ones are passed over`() async throws {
    let model = try model(standardizes: true)
    let one = try await FeatureStandardization(model, on: pictures.training)
    #expect(try await FeatureStandardization(model, on: pictures.training) == one)
    let missing = Sample(url: URL(filePath: "/nowhere.png"), path: "nowhere.png", targets: [.values([1])])
    #expect(try await FeatureStandardization(model, on: [missing]) == nil)
    let few = try await FeatureStandardization(model, on: [missing] + pictures.training.prefix(5))
    #expect(try #require(few).measuredOn == 5)
  }

  @Test func `numbers are those worked out by hand`() {
    // Channel 1: mean 2, squares 2; channel 2 never moves. Variances with 8 more of the mean variance 0.5: (2 + 4) / 10, 4 / 10.
    let found = FeatureStandardization(Tensor([1, 5, 3, 5], shape: [2, 2]))
    #expect(found.mean == [2, 5] && found.originalSquaredLength == 30)
    let unit = Float(2 / FeatureStandardization.squaredLength)
    for (variance, expected) in zip(found.variance, [0.6 * unit, 0.4 * unit]) {
      #expect(abs(variance - expected) < 1e-7)
    }
    // Nothing to divide by.
    #expect(FeatureStandardization(Tensor([4, 4], shape: [2, 1])).variance == [1])
  }

  @Test func `heads for classes are left alone`() async throws {
    let task = try ToyTask(training: 4, validation: 2)
    #expect(try await FeatureStandardization(ToyTask.model(), on: task.training) == nil)
  }
}

/// Small pictures of random colours, with what a linear function makes of the colour, and noise.
private final class ColouredPictures {
  private let folder: URL
  let training, validation: [Sample]

  init(training: Int, validation: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graft-colours-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.folder = folder
    var generator = SeededGenerator(seed: 5, stream: 0)
    func draw(_ count: Int, _ set: String) throws -> [Sample] {
      try (0..<count).map { number in
        let colour = (0..<3).map { _ in 40 + 170 * generator.nextUniform() }
        let pixels = (0..<64).flatMap { _ in colour.map { UInt8($0 + 40 * generator.nextUniform()) } }
        let url = folder.appending(path: "\(set)\(number).png")
        try RGBImage(width: 8, height: 8, pixels: pixels).writePNG(to: url)
        let warmth = 0.3 * colour[0] - 0.2 * colour[2] + 0.1 * colour[1] + 4 * generator.nextUniform()
        return Sample(url: url, path: url.lastPathComponent, targets: [.values([Float(warmth)])])
      }
    }
    self.training = try draw(training, "train")
    self.validation = try draw(validation, "val")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Mean and deviation of the values to learn from.
  var scaling: ValueScaling {
    let values = training.compactMap { if case .values(let values) = $0.targets[0] { values[0] } else { nil } }
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    return ValueScaling(mean: [mean], deviation: [variance.squareRoot()])
  }
}
