import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftTraining

/// Trainings that are drawn near to photographs of another kind (Deep CORAL).
@Suite struct TargetDomainTests {
  private let task: ToyTask

  init() throws { task = try ToyTask() }

  private func trainer(
    _ configuration: TrainingConfiguration, _ unfreeze: LayerSelector = .head, weight: Double = 1,
    targets: [Sample], model: TrainedModel? = nil, training: [Sample]? = nil, teacher: Teacher? = nil,
    batchNorm: BatchNormPolicy = .affine
  ) throws -> Trainer {
    let model = try model ?? ToyDomain.model()
    return try Trainer(
      model,
      plan: FreezePlan(unfreeze, graph: model.graph, head: model.head, batchNorm: BatchNormRules(batchNorm)),
      configuration: configuration, training: training ?? task.training, validation: task.validation, teacher: teacher,
      target: TargetDomain(targets, weight: weight))
  }

  private func rows(_ samples: [Sample], _ model: TrainedModel) async throws -> [[Double]] {
    try await ToyTeacher.logits(of: samples, model).map { $0.map(Double.init) }
  }

  /// Both losses of a model's whole batch, as the head's numbers make them.
  private func total(_ model: TrainedModel, _ targets: [Sample], weight: Double) async throws -> Double {
    let (source, target) = try await (rows(task.training, model), rows(targets, model))
    return ToyDomain.crossEntropy(source, task.training.compactMap(\.label))
      + weight * ToyDomain.distance(source, target)
  }

  @Test(arguments: [5.0, 50])
  func `a step goes where finite differences of both losses together say`(weight: Double) async throws {
    let targets = try ToyDomain(task, count: 12).samples
    var configuration = ToyTask.configuration(epochs: 1, learningRate: 0.01)
    configuration.batch = 12
    let model = try ToyDomain.model()
    let result = try await trainer(configuration, weight: weight, targets: targets).run()
    let name = "head_dense/kernel"
    let (before, after) = (
      try #require(model.parameters[name]).floats, try #require(result.model.parameters[name])
    )
    var greatest = 0.0
    var slopes: [Double] = []
    for index in before.indices {
      let step: Float = 1.0 / 256
      var sides: [Double] = []
      for side in [step, -step] {
        var (moved, numbers) = (model, before)
        numbers[index] += side
        moved.parameters[name] = Tensor(numbers, shape: after.shape)
        sides.append(try await total(moved, targets, weight: weight))
      }
      slopes.append((sides[0] - sides[1]) / Double(2 * step))
      greatest = max(greatest, abs(slopes[index]))
    }
    for (index, slope) in slopes.enumerated() {
      let moved = Double(before[index] - after.floats[index]) / 0.01
      #expect(abs(moved - slope) < 2e-3 * greatest, "\(moved) \(slope)")
    }
    // The labels alone would lead elsewhere.
    let alone = try await task.trainer(.head, configuration, model: model).run()
    let (one, other) = (after.floats, try #require(alone.model.parameters[name]).floats)
    #expect(zip(one, other).contains { abs($0 - $1) > 1e-6 })
  }

  /// Batches of 5, 5 and 2: the last one's padding is in no covariance.
  @Test(arguments: [1 << 30, 0], [4, 17])
  func `the distance is that of the pairs that were seen, whatever is remembered`(cacheSize: Int, count: Int)
    async throws
  {
    let targets = try ToyDomain(task, count: count).samples
    let configuration = ToyTask.configuration(epochs: 2, learningRate: 1e-9, cacheSize: cacheSize)
    let trainer = try trainer(configuration, targets: targets)
    let result = try await trainer.run()
    let model = try ToyDomain.model()
    let all = try await rows(trainer.seen, model)
    let pairs = DomainPairs(seed: configuration.seed, targets: Array(12..<12 + count))
    for epoch in 1...2 {
      var order = pairs.order(
        configuration.order(of: task.training, epoch: epoch), batch: 5, before: (epoch - 1) * 12)[...]
      var expected = 0.0
      for size in [5, 5, 2] {
        let (source, target) = (order.prefix(size), order.dropFirst(size).prefix(size))
        expected += Double(size) / 12 * ToyDomain.distance(source.map { all[$0] }, target.map { all[$0] })
        order = order.dropFirst(2 * size)
      }
      let found = try #require(result.history[epoch - 1].coral)
      #expect(abs(found - expected) < 1e-4 * expected && expected > 0)
    }
    // Losses are those of the labelled images.
    let loss = ToyDomain.crossEntropy(Array(all.prefix(12)), task.training.compactMap(\.label))
    #expect(abs(result.history[0].loss - loss) < 1e-4 && result.trainingImages == 12)
  }

  @Test func `domains come together, and the labels are still learnt`() async throws {
    let targets = try ToyDomain(task, count: 24).samples
    let configuration = ToyTask.configuration(epochs: 30, learningRate: 0.05)
    let model = try ToyTask.model()
    let drawn = try await trainer(configuration, .all, weight: 0.1, targets: targets, model: model).run()
    let alone = try await task.trainer(.all, configuration, model: model).run()
    func distance(_ result: TrainingResult) async throws -> Double {
      try await ToyDomain.distance(rows(task.training, result.model), rows(targets, result.model))
    }
    let (near, far) = try await (distance(drawn), distance(alone))
    #expect(near < far / 50, "\(near) \(far)")
    #expect(
      drawn.history.contains { epoch in
        epoch.valAccuracy == 1 && epoch.loss < 0.2 && epoch.coral.map { $0 < 0.5 } ?? false
      })
    #expect(alone.history.allSatisfy { $0.coral == nil })
  }

  @Test(arguments: [LayerSelector.head, .all], [1 << 30, 0])
  func `a training in pieces comes to the same bytes`(unfreeze: LayerSelector, cacheSize: Int) async throws {
    let bad = try task.unreadable("dusk.jpg")
    let targets = try [bad] + ToyDomain(task, count: 7).samples
    var configuration = ToyTask.configuration(epochs: 4, learningRate: 0.01, cacheSize: cacheSize)
    configuration.accumulation = 2
    configuration.augmentation = Augmentation(crop: nil, flips: true)
    let trainer = try trainer(configuration, unfreeze, targets: targets)
    let whole = try await trainer.run()
    let pieces = try await trainer.runInPieces(
      of: 2, CheckpointSettings(folder: task.folder.appending(path: "checkpoints"), interval: 0, resumes: true))
    #expect(whole.timeless == pieces.timeless && whole.history.allSatisfy { $0.coral != nil })
    #expect(try whole.model.hashes == pieces.model.hashes)
    #expect(whole.skipped.map(\.sample.path) == ["dusk.jpg"] && pieces.skipped == whole.skipped)
  }

  @Test func `normalisations by the batch's statistics see full batches of both`() async throws {
    let targets = try ToyDomain(task, count: 7).samples
    let trainer = try trainer(
      ToyTask.configuration(epochs: 2, learningRate: 0.01), .all, targets: targets,
      model: ToyDomain.model(normalized: true), batchNorm: .train)
    let result = try await trainer.run()
    #expect(result.history.count == 2 && result.history.allSatisfy { $0.coral != nil })
  }

  @Test func `a teacher and a target domain go together`() async throws {
    let targets = try ToyDomain(task, count: 7).samples
    let configuration = ToyTask.configuration(epochs: 2)
    func losses(_ teacher: Teacher?) async throws -> [Double] {
      try await trainer(configuration, targets: targets, teacher: teacher).run().history.map(\.loss)
    }
    #expect(try await losses(Teacher(ToyTeacher.model())) != losses(nil))
  }

  @Test func `targets' own classes are put aside`() throws {
    let domain = TargetDomain(try ToyDomain(task, count: 3).samples, folder: "dusk")
    #expect(domain.samples.allSatisfy { $0.targets.isEmpty })
    #expect(domain.record == TargetRecord(data: "dusk", images: 3, coral: 1))
  }

  @Test func `photographs that cannot be read are told, and none at all is an error`() async throws {
    let bad = try (0..<2).map { try task.unreadable("dusk\($0).jpg") }
    let failing = try trainer(ToyTask.configuration(epochs: 1), targets: bad)
    #expect(
      await message { _ = try await failing.run() } == "no target image can be read (2 were tried and skipped)")
  }

  @Test func `what cannot draw near is refused`() async throws {
    let targets = try ToyDomain(task, count: 4).samples
    func refusal(
      weight: Double = 1, _ samples: [Sample], _ change: (inout TrainingConfiguration) throws -> Void = { _ in }
    ) async -> String {
      await message {
        var configuration = ToyTask.configuration()
        try change(&configuration)
        _ = try trainer(configuration, weight: weight, targets: samples)
      }
    }
    #expect(await refusal(weight: 0, targets) == "--coral is 0.0; expected a number above 0")
    #expect(await refusal(weight: .nan, targets).hasPrefix("--coral is nan"))
    #expect(await refusal([targets[0]]).hasPrefix("the number of photographs in --target is 1; expected at least 2"))
    #expect(await refusal(targets) { $0.batch = 1 }.hasPrefix("--batch is 1; expected at least 2 beside --target"))
    #expect(
      await refusal(targets) { $0.augmentation = try Augmentation.parse("cutmix:1") }
        .contains("nothing that mixes photographs beside --target"))
    let model = try ToyDomain.model()
    let stages = try TransferPlan().applied(
      to: model, epochs: 2, learningRate: 0.1, solver: HeadSolver(.prototype), seed: 0
    ).stages
    #expect(
      await message {
        _ = try Trainer(
          model, stages: stages, configuration: ToyTask.configuration(), training: task.training, validation: [],
          target: TargetDomain(targets))
      }.contains("--solver is prototype; expected no solver beside --target"))
  }
}
