import Foundation
import GraftGraph
import GraftPlanning
import GraftTensors
import Synchronization
import Testing

@testable import GraftTraining

@Suite struct LearningRateFinderTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  @Test func `rates rise by one factor from the lowest to the highest`() async throws {
    let curve = try await LearningRateFinder(
      task.trainer(), settings: .init(lowest: 1e-5, highest: 1e-2, steps: 31)
    ).run()
    let rates = curve.points.map(\.rate)
    #expect(rates.count == 31 && curve.ending == .highestRate)
    #expect(rates[0] == 1e-5 && abs(rates[30] / 1e-2 - 1) < 1e-9)
    for (one, next) in zip(rates, rates.dropFirst()) { #expect(abs(next / one - pow(10, 0.1)) < 1e-9) }
  }

  @Test func `a head's loss falls, then runs away, and a rate between is suggested`() async throws {
    let curve = try await LearningRateFinder(task.trainer(), settings: .init(lowest: 1e-4, highest: 1e5)).run()
    let losses = curve.points.map(\.smoothed)
    #expect(curve.ending == .diverged && curve.points.count < 100)
    let least = try #require(losses.min())
    #expect(least < 0.8 * losses[0] && losses[losses.count - 1] > 4 * least)
    let advice = LearningRateAdvice(curve)
    #expect(advice.suggestions.count == 3)
    for suggestion in advice.suggestions { #expect((1e-3...1e2).contains(suggestion.rate)) }
  }

  @Test(arguments: [LayerSelector.head, .all])
  func `the model keeps every bit, and the same seed sees the same curve`(unfreeze: LayerSelector) async throws {
    let trainer = try task.trainer(unfreeze, dropout: 0.2)
    let before = try trainer.model.hashes
    let first = try await LearningRateFinder(trainer, settings: .init(highest: 1, steps: 20)).run()
    #expect(try trainer.model.hashes == before)
    let second = try await LearningRateFinder(trainer, settings: .init(highest: 1, steps: 20)).run()
    #expect(first == second)
  }

  @Test func `moving statistics stay where they were`() async throws {
    var backbone = try LayerGraph(input: [3, 8, 8])
    try backbone.add(Conv2D("conv", filters: 4, kernel: 3))
    try backbone.add(BatchNormalization("norm"))
    let graph = try backbone.attaching(Head(classes: 2))
    var model = try ToyTask.model()
    (model.graph, model.parameters) = (graph, .initialized(graph.parameters, seed: 3))
    model.head = Set(graph.nodes.map(\.name).filter { backbone[$0] == nil })
    let before = try model.hashes
    let plan = try FreezePlan(.all, graph: graph, head: model.head, batchNorm: .train)
    let trainer = try Trainer(
      model, plan: plan, configuration: ToyTask.configuration(), training: task.training, validation: [])
    let curve = try await LearningRateFinder(trainer, settings: .init(highest: 1, steps: 20)).run()
    #expect(curve.points.count > 5)
    #expect(try model.hashes == before && trainer.model.hashes == before)
    #expect(before.keys.contains("norm/moving_mean"))
  }

  /// At rates that move nothing, the finder's losses are those of the batches that a training would see.
  @Test func `the first loss is that of training's first batch`() async throws {
    let trainer = try task.trainer(.head, ToyTask.configuration(epochs: 1, learningRate: 1e-12))
    let result = try await trainer.run()
    let curve = try await LearningRateFinder(trainer, settings: .init(lowest: 1e-13, highest: 1e-12, steps: 10)).run()
    // Two full batches of five are an epoch of the finder's; training has the two images that are left, too.
    #expect(abs(curve.points[0].loss - result.history[0].loss) < 0.02)
    #expect(curve.points[0].loss == curve.points[0].smoothed)
  }

  @Test func `accumulated batches make one step`() async throws {
    var configuration = ToyTask.configuration()
    configuration.accumulation = 2
    let curve = try await LearningRateFinder(task.trainer(.head, configuration), settings: .init(highest: 1, steps: 12))
      .run()
    #expect(curve.points.count == 12)
  }

  @Test func `unreadable images are told once, and none at all is an error`() async throws {
    let bad = try task.unreadable()
    let skipped = Mutex(0)
    _ = try await LearningRateFinder(task.trainer(adding: [bad]), settings: .init(steps: 10)).run { event in
      if case .skipped = event { skipped.withLock { $0 += 1 } }
    }
    #expect(skipped.withLock { $0 } == 1)
    let alone = try Trainer(
      try ToyTask.model(), plan: try task.trainer().plan, configuration: ToyTask.configuration(), training: [bad],
      validation: [])
    #expect(
      await message { _ = try await LearningRateFinder(alone).run() }.contains("note.jpg"))
  }

  @Test func `settings that make no sense are refused`() async throws {
    let trainer = try task.trainer()
    for (settings, word) in [
      (LearningRateFinder.Settings(lowest: 0), "--lowest"), (.init(lowest: 1, highest: 0.1), "--highest"),
      (.init(steps: 3), "--steps"), (.init(smoothing: 1), "--smoothing"), (.init(divergence: 1), "--divergence"),
    ] {
      #expect(await message { _ = try LearningRateFinder(trainer, settings: settings) }.hasPrefix(word))
    }
    #expect(await message { _ = try LearningRateFinder(trainer, stage: 1) }.contains("expected 1 to 1"))
  }

  @Test func `a cancelled test ends without a curve`() async throws {
    let trainer = try task.trainer()
    let test = Task { try await LearningRateFinder(trainer, settings: .init(steps: 100_000)).run() }
    test.cancel()
    await #expect(throws: CancellationError.self) { try await test.value }
  }
}
