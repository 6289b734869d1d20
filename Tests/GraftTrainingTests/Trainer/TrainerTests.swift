import Foundation
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors
import Synchronization
import Testing

@testable import GraftTraining

@Suite struct TrainerTests {
  /// Its pictures go away with it.
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  /// Trains in a task of its own, which is cancelled at the first event that `isEnd` says of.
  private func run(
    _ trainer: Trainer, cancelledAt isEnd: @escaping @Sendable (TrainingEvent) -> Bool
  ) async throws -> TrainingResult {
    try await Task {
      try await trainer.run { event in
        if isEnd(event) { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }.value
  }

  @Test func `a head on frozen features learns to tell two colours apart`() async throws {
    let result = try await task.trainer(.head, ToyTask.configuration(epochs: 30, learningRate: 0.5)).run()
    #expect(result.best.valAccuracy == 1)
    #expect(result.history.count == 30)
    let (first, last) = try (#require(result.history.first), #require(result.history.last))
    #expect(last.accuracy == 1)
    #expect(last.loss < first.loss / 2 && last.valLoss < first.valLoss / 2)
    #expect((result.trainingImages, result.validationImages) == (12, 6))
    #expect(result.skipped.isEmpty && !result.wasInterrupted)
    #expect(result.history.map(\.epoch) == Array(1...30))
  }

  @Test(arguments: [
    (LayerSelector.head, ["head_dense/bias", "head_dense/kernel"]),
    (.from("conv2"), ["conv2/bias", "conv2/kernel", "head_dense/bias", "head_dense/kernel"]),
    (
      .all, ["conv1/bias", "conv1/kernel", "conv2/bias", "conv2/kernel", "head_dense/bias", "head_dense/kernel"]
    ),
  ])
  func `what trains changes, and what is frozen keeps every bit`(unfreeze: LayerSelector, trained: [String])
    async throws
  {
    let trainer = try task.trainer(unfreeze)
    let before = try trainer.model.hashes
    let after = try await trainer.run().model.hashes
    #expect(before.keys == after.keys)
    let changed = before.keys.filter { before[$0] != after[$0] }
    #expect(changed.sorted() == trained)
  }

  @Test(arguments: [LayerSelector.head, .from("conv2"), .all])
  func `remembering activations changes no number`(unfreeze: LayerSelector) async throws {
    let cached = try await task.trainer(unfreeze).run()
    let uncached = try await task.trainer(unfreeze, ToyTask.configuration(cacheSize: 0)).run()
    #expect(cached.timeless == uncached.timeless)
    #expect(try cached.model.hashes == uncached.model.hashes)
  }

  @Test func `the same seed gives the same bits, and another seed others`() async throws {
    func run(_ seed: UInt64) async throws -> TrainingResult {
      try await task.trainer(.all, ToyTask.configuration(seed: seed), dropout: 0.5).run()
    }
    let (first, second, other) = try await (run(1), run(1), run(2))
    #expect(first.timeless == second.timeless)
    #expect(try first.model.hashes == second.model.hashes)
    #expect(try first.model.hashes != other.model.hashes)
  }

  @Test func `the parameters of the best epoch are the result`() async throws {
    // Whoever learns the training labels gets worse at these.
    let contrary = task.validation.map { Sample(url: $0.url, path: $0.path, label: 1 - ($0.label ?? 0)) }
    let configuration = ToyTask.configuration(epochs: 12, learningRate: 0.5)
    let long = try await task.trainer(.head, configuration, validation: contrary).run()
    let best = try #require(
      long.history.max { ($0.valAccuracy ?? 0, -$0.valLoss) < ($1.valAccuracy ?? 0, -$1.valLoss) })
    let last = try #require(long.history.last)
    #expect(try long.best == best && #require(best.valAccuracy) > #require(last.valAccuracy))
    var shortened = configuration
    shortened.epochs = best.epoch
    let short = try await task.trainer(.head, shortened, validation: contrary).run()
    #expect(try long.model.hashes == short.model.hashes)
  }

  @Test func `the resulting model predicts what the best epoch's validation says`() async throws {
    let result = try await task.trainer(.all).run()
    let (predictions, skipped) = try await result.model.predict(task.validation)
    #expect(skipped.isEmpty)
    let right = predictions.count { $0.guesses.first?.label == ToyTask.classes[$0.sample.label ?? -1] }
    #expect(Double(right) / 6 == result.best.valAccuracy)
    let loss = predictions.reduce(0) { $0 - Double(log($1.probabilities[$1.sample.label ?? 0])) } / 6
    #expect(abs(loss - result.best.valLoss) < 1e-5)
  }

  @Test func `an unreadable image is skipped, reported and counted`() async throws {
    let broken = try task.unreadable()
    for cacheSize in [0, 1 << 30] {
      let reported = Mutex<[String]>([])
      let result = try await task.trainer(.head, ToyTask.configuration(cacheSize: cacheSize), adding: [broken]).run {
        if case .skipped(let image) = $0 { reported.withLock { $0.append("\(image)") } }
      }
      #expect(result.skipped.map(\.sample) == [broken])
      #expect(result.trainingImages == 12)
      #expect(
        reported.withLock { $0 } == [
          "train/blue/note.jpg: text, not an image: remove the file, or put the image in its place"
        ])
    }
  }

  @Test func `an unreadable image ends a strict training`() async throws {
    let trainer = try task.trainer(.head, ToyTask.configuration(isStrict: true), adding: [task.unreadable()])
    #expect(
      await message { _ = try await trainer.run() }
        == "train/blue/note.jpg: text, not an image: remove the file, or put the image in its place")
  }

  @Test func `without a validation image there is nothing to choose by`() async throws {
    let trainer = try task.trainer(validation: [])
    #expect(await message { _ = try await trainer.run() } == "no validation image can be read")
  }

  @Test(arguments: [0, 1 << 30])
  func `a training that explodes says so, and what to do`(cacheSize: Int) async throws {
    let configuration = ToyTask.configuration(epochs: 8, learningRate: 1e30, cacheSize: cacheSize)
    let trainer = try task.trainer(.all, configuration)
    let said = await message { _ = try await trainer.run() }
    #expect(
      said.wholeMatch(
        of: /the loss is no longer a number in epoch \d: the learning rate 1e\+30 is too high; try a tenth of it/)
        != nil, "\(said)")
  }

  @Test func `an explosion in the very last step is noticed too`() async throws {
    // One step in all: only the validation after it sees what it did.
    let configuration = TrainingConfiguration(epochs: 1, batch: 12, learningRate: 1e39)
    let trainer = try task.trainer(.head, configuration)
    #expect(
      await message { _ = try await trainer.run() }
        == "the loss is no longer a number in epoch 1: the learning rate 1e+39 is too high; try a tenth of it")
  }

  @Test(arguments: [0, 1 << 30])
  func `cancelled after an epoch, the best so far is the result`(cacheSize: Int) async throws {
    let configuration = ToyTask.configuration(epochs: 1000, cacheSize: cacheSize)
    let result = try await run(task.trainer(.head, configuration)) { event in
      if case .epochEnded(let record) = event { record.epoch == 2 } else { false }
    }
    #expect(result.wasInterrupted)
    #expect(result.history.count == 2)
    let whole = try await task.trainer(.head, ToyTask.configuration(epochs: 2)).run()
    #expect(try result.model.hashes == whole.model.hashes)
  }

  @Test(arguments: [true, false])
  func `cancelled before the first epoch, there is no result`(isPreparing: Bool) async throws {
    let trainer = try task.trainer()
    let said = await message {
      _ = try await run(trainer) { event in
        switch event {
        case .progress: isPreparing
        case .prepared: true
        default: false
        }
      }
    }
    #expect(said == "stopped before the first epoch ended; nothing was saved")
  }

  @Test func `events tell of the preparation, every epoch and the result, in this order`() async throws {
    var story: [String] = []
    for try await event in try task.trainer(.head, ToyTask.configuration(epochs: 2)).events() {
      switch event {
      case .prepared(let images, _, let isCached, _): story.append("prepared \(images) \(isCached)")
      case .epochEnded(let record): story.append("epoch \(record.epoch)")
      case .finished(let result): story.append("finished \(result.history.count)")
      case .skipped, .progress, .stageBegan, .resumed, .checkpointFailed: break
      }
    }
    #expect(story == ["prepared 18 true", "epoch 1", "epoch 2", "finished 2"])
  }

  @Test func `leaving the events stops the training`() async throws {
    let trainer = try task.trainer(.head, ToyTask.configuration(epochs: 1_000_000))
    for try await event in trainer.events() {
      if case .epochEnded = event { break }
    }
    // The engine is one thread: another training could not run while the first went on for hours.
    #expect(try await task.trainer().run().history.count == 3)
  }
}
