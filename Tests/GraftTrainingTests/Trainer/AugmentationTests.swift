import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTensors
import Synchronization
import Testing

@testable import GraftTraining

/// Whole trainings with random views: which of them an epoch sees, and that no bit depends on where they are kept.
@Suite struct AugmentationTests {
  private let task: ToyTask
  private var folder: URL { task.folder.appending(path: "cache") }

  init() throws { task = try ToyTask() }

  private func configuration(
    views: Int? = 2, epochs: Int = 5, cacheSize: Int = 1 << 30, limit: Int? = nil, seed: UInt64 = 0,
    augmentation: Augmentation? = Augmentation(), learningRate: Double = 0.1
  ) -> TrainingConfiguration {
    var configuration = ToyTask.configuration(
      epochs: epochs, learningRate: learningRate, seed: seed, cacheSize: cacheSize)
    configuration.augmentation = augmentation
    configuration.views = views
    configuration.frontierCache = limit.map { FrontierCache(folder, limit: $0) }
    return configuration
  }

  private var cacheFileSize: Int? { Self.size(ofFileIn: folder) }

  private static func size(ofFileIn folder: URL) -> Int? {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return names?.first.flatMap { try? Data(contentsOf: folder.appending(path: $0)).count }
  }

  /// A head that says something before it has learnt anything.
  private func outspokenModel() throws -> TrainedModel {
    var model = try ToyTask.model()
    var generator = SeededGenerator(seed: 4)
    model.parameters["head_dense/kernel"] = Tensor(
      (0..<12).map { _ in 4 * generator.nextUniform() - 2 }, shape: [2, 6])
    return model
  }

  /// The mean loss over the training images, each seen in one view, computed without any trainer.
  private func loss(_ model: TrainedModel, view: any ImageView) async throws -> Double {
    let samples = task.training
    return try await EngineActor.run {
      let program = try InferenceProgram(model.graph, parameters: model.parameters, batch: 12)
      var losses: [Double] = []
      for try await batch in ImageLoader(
        samples: samples, view: view, preprocessing: model.preprocessing, batch: 12)
      {
        let probabilities = try program.run(batch.images).floats
        losses += batch.samples.enumerated().map { -Double(log(probabilities[2 * $0 + ($1.label ?? 0)])) }
      }
      return losses.reduce(0, +) / Double(losses.count)
    }
  }

  @Test(arguments: [LayerSelector.head, .from("conv2"), .all], [1 << 30, 0])
  func `epoch e sees view e mod K, and validation no view by chance`(unfreeze: LayerSelector, cacheSize: Int)
    async throws
  {
    let model = try outspokenModel()
    // So small a rate that no parameter moves.
    let configuration = configuration(views: 3, epochs: 7, cacheSize: cacheSize, seed: 9, learningRate: 1e-30)
    let history = try await task.trainer(unfreeze, configuration, model: model).run().history
    var expected: [Double] = []
    for number in 0..<3 {
      expected.append(
        try await loss(model, view: TrainingView(model.view, Augmentation(), seed: 9, number: number)))
    }
    #expect(Set(expected.map { ($0 * 1e3).rounded() }).count == 3)
    for (epoch, record) in history.enumerated() {
      #expect(abs(record.loss - expected[epoch % 3]) < 1e-5, "epoch \(epoch)")
      #expect(record.valLoss == history[0].valLoss)
    }
    var plain = configuration
    (plain.augmentation, plain.views) = (nil, nil)
    let without = try await task.trainer(unfreeze, plain, model: model).run().history
    #expect(without[0].valLoss == history[0].valLoss)
    #expect(abs(without[0].loss - (try await loss(model, view: model.view))) < 1e-5)
  }

  @Test(arguments: [LayerSelector.head, .from("conv2"), .all])
  func `memory, disk and neither, cold and warm, give the same bytes`(unfreeze: LayerSelector) async throws {
    let expected = try await task.trainer(unfreeze, configuration()).run()
    let plain = try await task.trainer(unfreeze, configuration(views: nil, augmentation: nil)).run()
    #expect(try expected.model.hashes != plain.model.hashes)
    for (cacheSize, limit) in [(0, nil), (1 << 30, 1 << 20), (1 << 30, 1 << 20), (0, 1 << 20), (6 * 24, nil)] {
      let result = try await task.trainer(unfreeze, configuration(cacheSize: cacheSize, limit: limit)).run()
      #expect(result.timeless == expected.timeless)
      #expect(try result.model.hashes == expected.model.hashes)
    }
    try? FileManager.default.removeItem(at: folder)
    let cold = try await task.trainer(unfreeze, configuration(cacheSize: 0, limit: 1 << 20)).run()
    #expect(try cold.model.hashes == expected.model.hashes)
  }

  @Test(arguments: [1 << 30, 0])
  func `a second training finds all views of the first, and one more view alone is computed`(cacheSize: Int)
    async throws
  {
    func remembered(_ views: Int, _ change: (inout TrainingConfiguration) -> Void = { _ in }) async throws -> Int {
      var configuration = configuration(views: views, cacheSize: cacheSize, limit: 1 << 20)
      change(&configuration)
      return try await task.trainer(.head, configuration).run().remembered
    }
    #expect(try await remembered(2) == 0)
    #expect(try await remembered(2) == 18)
    // Validation images, and those of which every view was there.
    #expect(try await remembered(3) == 6)
    #expect(try await remembered(3) == 18)
    #expect(cacheFileSize == 64 + 104 * (3 * 12 + 6))
    #expect(try await remembered(2) == 18)
    // Whatever decides the views makes them others.
    #expect(try await remembered(2) { $0.seed = 1 } == 6)
    #expect(try await remembered(2) { $0.augmentation?.flips = false } == 6)
    #expect(try await remembered(2) { $0.augmentation?.crop = nil } == 6)
    #expect(try await remembered(2) { $0.augmentation?.crop?.area = 0.5...0.99 } == 6)
    #expect(try await remembered(2) { $0.augmentation?.crop?.aspect = 1...1 } == 6)
    #expect(try await remembered(2) { ($0.augmentation, $0.views) = (nil, nil) } == 6)
    #expect(try await remembered(2) == 18)
  }

  @Test(arguments: [1 << 30, 0])
  func `memory and disk hold what the plan said`(cacheSize: Int) async throws {
    let trainer = try task.trainer(.head, configuration(views: 3, cacheSize: cacheSize, limit: 1 << 20))
    let (plan, folder) = (try trainer.cachePlan, folder)
    try await EngineActor.run {
      let logits = try trainer.model.graph.withoutFinalSoftmax()
      let frontier = try trainer.plan.frontier(of: logits).map { try logits.node($0) }
      let sources = try await FrontierSources(trainer, logits: logits, frontier: frontier)
      try await sources.prepare(report: { _ in }, skip: { _ in })
      // The others wait for the epoch that asks for them.
      #expect(Self.size(ofFileIn: folder) == 64 + 104 * 18)
      for view in 1..<3 { try await sources.training.prepare(view: view, report: { _ in }, skip: { _ in }) }
      #expect((sources.training.rowCount + sources.validation.rowCount) * plan.bytesPerImage == plan.memoryBytes)
    }
    #expect(cacheFileSize == plan.diskBytes)
    #expect(plan.memoryBytes == (cacheSize == 0 ? 0 : 24 * 42))
  }

  @Test(arguments: [1 << 30, 0])
  func `a photograph that goes away between two views is skipped once, and the others go on`(cacheSize: Int)
    async throws
  {
    let lost = task.training[3]
    let reported = Mutex<[Sample]>([])
    let trainer = try task.trainer(.head, configuration(views: 3, epochs: 6, cacheSize: cacheSize, limit: 1 << 20))
    let result = try await trainer.run { event in
      switch event {
      case .epochEnded(let record) where record.epoch == 1: try? FileManager.default.removeItem(at: lost.url)
      case .skipped(let image): reported.withLock { $0.append(image.sample) }
      default: break
      }
    }
    #expect(reported.withLock { $0 } == [lost])
    #expect(result.skipped.map(\.sample) == [lost] && result.trainingImages == 11 && result.history.count == 6)
  }

  @Test func `a training stopped while it computes a later view keeps its best epoch`() async throws {
    let trainer = try task.trainer(.head, configuration(views: 4, limit: 1 << 20))
    let hasEnded = Mutex(false)
    let result = try await Task {
      try await trainer.run { event in
        if case .epochEnded = event { hasEnded.withLock { $0 = true } }
        if case .progress(let progress) = event, progress.phase == .freezing, hasEnded.withLock({ $0 }) {
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
    }.value
    #expect(result.wasInterrupted && result.history.count == 1)
  }

  @Test(arguments: [
    (0, Augmentation?.some(Augmentation()), "--views is 0; expected at least 1"),
    (
      4, nil,
      "--views is 4; expected no number without --augment, which alone makes views differ"
    ),
  ])
  func `numbers of views that make no sense`(views: Int, augmentation: Augmentation?, expected: String) async throws {
    #expect(
      await message { _ = try task.trainer(.head, configuration(views: views, augmentation: augmentation)) }
        == expected)
  }

  @Test func `a run's record says which views there were`() throws {
    let configuration = configuration(views: 3)
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: data) == configuration)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"views\":3") && text.contains("\"flips\":true"))
  }
}
