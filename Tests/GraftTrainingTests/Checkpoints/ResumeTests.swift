import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import Synchronization
import Testing

@testable import GraftTraining

/// A training that is stopped and gone on with must come to the bytes of one that was not.
@Suite struct ResumeTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private var folder: URL { task.folder.appending(path: "checkpoints") }

  private func settings(resumes: Bool, interval: Double = 0) -> CheckpointSettings {
    CheckpointSettings(folder: folder, interval: interval, resumes: resumes)
  }

  /// Stops in the middle: after so many events of progress in training, and again after as many, until it is through.
  private func inPieces(_ trainer: Trainer, of steps: Int) async throws -> TrainingResult {
    while true {
      let seen = Mutex(0)
      let settings = settings(resumes: true)
      let result: TrainingResult? = try await Task {
        do {
          return try await trainer.run(checkpoints: settings) { event in
            guard case .progress(let progress) = event, case .training = progress.phase else { return }
            if seen.withLock({
              $0 += 1; return $0 == steps
            }) {
              withUnsafeCurrentTask { $0?.cancel() }
            }
          }
        } catch TrainingError.cancelledBeforeFirstEpoch {
          return nil
        }
      }.value
      if let result, !result.wasInterrupted { return result }
    }
  }

  private static let kinds: [OptimizerKind] = [.sgd, .adamw, .nadam]

  @Test(arguments: [LayerSelector.head, .from("conv2"), .all], kinds)
  func `a training in pieces comes to the same bytes`(unfreeze: LayerSelector, kind: OptimizerKind) async throws {
    var configuration = ToyTask.configuration(epochs: 4, learningRate: 0.01)
    configuration.optimizer = OptimizerSettings(kind)
    configuration.accumulation = 2
    configuration.augmentation = Augmentation(crop: nil, flips: true)
    let trainer = try task.trainer(unfreeze, configuration, dropout: 0.3)
    let whole = try await trainer.run()
    let pieces = try await inPieces(trainer, of: 2)
    #expect(whole.timeless == pieces.timeless)
    #expect(try whole.model.hashes == pieces.model.hashes)
    #expect(whole.validation.map(\.outputs) == pieces.validation.map(\.outputs))
    #expect(whole.best.epoch == pieces.best.epoch)
  }

  @Test func `everything that a step can depend on is gone on with`() async throws {
    var configuration = ToyTask.configuration(epochs: 6, learningRate: 0.01)
    configuration.optimizer = try OptimizerSettings(parsing: "adamw:beta2=0.95")
    configuration.schedule = try LearningRateSchedule(parsing: "plateau:patience=1,factor=0.5,warmup=1")
    configuration.clipping = .norm(0.05)
    configuration.averaging = .exponential(decay: 0.8)
    configuration.drawsClassesEqually = true
    configuration.augmentation = try Augmentation.parse("flip,mixup:0.4")
    configuration.monitor = .macroF1
    let model = try ToyTask.model(dropout: 0.3)
    let plan = TransferPlan(
      try StagedPlan(parsing: "head 2 → all"), rates: .decay(0.5), decay: DecayRule(weightDecay: 0.1, towardsStart: 0.5)
    )
    let trainer = try Trainer(
      model, stages: plan.applied(to: model, epochs: 6, learningRate: 0.01, seed: 0).stages,
      configuration: configuration,
      training: task.training, validation: task.validation)
    let whole = try await trainer.run()
    let pieces = try await inPieces(trainer, of: 2)
    #expect(whole.timeless == pieces.timeless)
    #expect(try whole.model.hashes == pieces.model.hashes)
    #expect(Set(whole.history.map(\.learningRate)).count > 1)
  }

  @Test func `stages in pieces come to the same bytes, and later ones go on from earlier ones`() async throws {
    let model = try ToyTask.model(dropout: 0.3)
    let stages = try [(LayerSelector.head, 2, 0.1), (.from("conv2"), 2, 0.01), (.all, 1, 0.001)].map {
      TrainingStage(
        plan: try FreezePlan($0, graph: model.graph, head: model.head), epochs: $1, learningRate: $2)
    }
    let trainer = try Trainer(
      model, stages: stages, configuration: ToyTask.configuration(), training: task.training,
      validation: task.validation)
    let whole = try await trainer.run()
    #expect(whole.history.map(\.stage) == [1, 1, 2, 2, 3] && whole.history.map(\.epoch) == [1, 2, 3, 4, 5])
    #expect(whole.history.map(\.learningRate) == [0.1, 0.1, 0.01, 0.01, 0.001])
    let pieces = try await inPieces(trainer, of: 2)
    #expect(whole.timeless == pieces.timeless)
    #expect(try whole.model.hashes == pieces.model.hashes)
    // Losses go on falling across the stages' borders: nothing that was learnt is lost there.
    for (before, after) in zip(whole.history, whole.history.dropFirst()) { #expect(after.loss < before.loss * 1.05) }
  }

  @Test func `what trains in no stage keeps its bytes, and what trained in the first stays trained`() async throws {
    let model = try ToyTask.model()
    let plans = try [LayerSelector.from("conv2"), .head].map {
      try FreezePlan($0, graph: model.graph, head: model.head)
    }
    let trainer = try Trainer(
      model, stages: plans.map { TrainingStage(plan: $0, epochs: 2, learningRate: 0.05) },
      configuration: ToyTask.configuration(), training: task.training, validation: task.validation)
    #expect(trainer.frozenParameters.map(\.name) == ["conv1/kernel", "conv1/bias"])
    let result = try await trainer.run()
    let (before, after) = try (model.hashes, result.model.hashes)
    #expect(
      before.keys.filter { before[$0] != after[$0] }.sorted() == [
        "conv2/bias", "conv2/kernel", "head_dense/bias", "head_dense/kernel",
      ])
  }

  @Test func `checkpoints of another training are refused`() async throws {
    let trainer = try task.trainer(.head, ToyTask.configuration(epochs: 2))
    _ = try await trainer.run(checkpoints: settings(resumes: false))
    let other = try task.trainer(.head, ToyTask.configuration(epochs: 2, learningRate: 0.2))
    await #expect(throws: TrainingError.self) { try await other.run(checkpoints: settings(resumes: true)) }
    // Where activations are remembered changes nothing.
    let elsewhere = try task.trainer(.head, ToyTask.configuration(epochs: 2, cacheSize: 0))
    _ = try await elsewhere.run(checkpoints: settings(resumes: true))
  }

  @Test func `of a damaged checkpoint nothing is believed, and the one before it counts`() async throws {
    let trainer = try task.trainer(.all, ToyTask.configuration(epochs: 3))
    let whole = try await trainer.run(checkpoints: settings(resumes: false))
    let names = CheckpointFolder.names(in: folder)
    #expect(names.count == 2)
    let newest = folder.appending(path: try #require(names.last))
    let file = newest.appending(path: "state.safetensors")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: file)
    let resumed = Mutex(0)
    let again = try await trainer.run(checkpoints: settings(resumes: true)) { event in
      if case .resumed(let epoch) = event { resumed.withLock { $0 = epoch } }
    }
    #expect(resumed.withLock { $0 } >= 1)
    #expect(try whole.model.hashes == again.model.hashes)
    // Nothing is left of any of them: from the beginning.
    for name in CheckpointFolder.names(in: folder) {
      try Data("nothing".utf8).write(to: folder.appending(path: name).appending(path: "state.json"), options: [])
    }
    let fresh = try await trainer.run(checkpoints: settings(resumes: true))
    #expect(try whole.model.hashes == fresh.model.hashes)
  }

  @Test func `a folder that cannot be written costs no training`() async throws {
    let file = task.folder.appending(path: "file")
    try Data().write(to: file)
    let failures = Mutex<[String?]>([])
    let settings = CheckpointSettings(folder: file.appending(path: "checkpoints"), interval: 0)
    let result = try await task.trainer(.head).run(checkpoints: settings) { event in
      if case .checkpointFailed(_, let newest) = event { failures.withLock { $0.append(newest) } }
    }
    #expect(failures.withLock { !$0.isEmpty && $0.allSatisfy { $0 == nil } } && result.history.count == 3)
  }

  @Test func `a checkpoint that cannot be written tells which one is still there`() async throws {
    let told = Mutex<[String?]>([])
    let there = Mutex<[String?]>([])
    let folder = folder
    _ = try await task.trainer(.head).run(checkpoints: settings(resumes: false)) { event in
      switch event {
      case .checkpointFailed(_, let newest):
        told.withLock { $0.append(newest) }
        there.withLock { $0.append(CheckpointFolder.names(in: folder).last) }
      case .epochEnded(let epoch):
        // The best epoch's file comes first, and this is in its place.
        let inTheWay = folder.appending(path: "best-\(epoch.epoch).safetensors/something")
        try? FileManager.default.createDirectory(at: inTheWay, withIntermediateDirectories: true)
      default: break
      }
    }
    let (names, expected) = (told.withLock(\.self), there.withLock(\.self))
    #expect(names.first??.hasPrefix("000001-") == true)
    #expect(names == expected)
  }
}
