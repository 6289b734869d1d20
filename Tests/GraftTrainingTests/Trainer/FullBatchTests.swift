import GraftPlanning
import Testing

@testable import GraftTraining

@Suite struct FullBatchTests {
  /// Where nothing is remembered, that an image cannot be read is found out in the middle of an epoch.
  @Test(arguments: [0, 1 << 30])
  func `an unreadable image costs a batch's statistics nothing`(cacheSize: Int) async throws {
    let task = try ToyTask()
    let model = try ToyDomain.model(normalized: true)
    let bad = try (0..<3).map { try task.unreadable("train/blue/note\($0).jpg") }
    let trainer = try Trainer(
      model, plan: FreezePlan(.all, graph: model.graph, head: model.head, batchNorm: .train),
      configuration: ToyTask.configuration(epochs: 2, learningRate: 0.01, cacheSize: cacheSize),
      training: bad + task.training, validation: task.validation)
    let result = try await trainer.run()
    #expect(result.history.count == 2 && result.skipped.count == 3)
  }
}
