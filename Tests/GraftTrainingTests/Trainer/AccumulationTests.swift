import GraftPlanning
import Testing

@testable import GraftTraining

@Suite struct AccumulationTests {
  /// 12 images: three whole batches of 4; or 5, 5 and 2, whose mean goes by images, not by batches.
  @Test(arguments: [(4, 3), (5, 3), (2, 6), (2, 100)])
  func `batches that make one step are as one batch of them all`(batch: Int, accumulation: Int) async throws {
    let task = try ToyTask()
    func run(_ batch: Int, _ accumulation: Int) async throws -> TrainingResult {
      try await task.trainer(
        .all, TrainingConfiguration(epochs: 3, batch: batch, accumulation: accumulation, learningRate: 0.05)
      ).run()
    }
    let (whole, parts) = try await (run(12, 1), run(batch, accumulation))
    for (a, b) in zip(whole.history, parts.history) {
      #expect(abs(a.loss - b.loss) < 1e-5 * a.loss)
      #expect(abs(a.valLoss - b.valLoss) < 1e-5 * a.valLoss)
    }
    #expect(try #require(whole.history.last?.loss) < (try #require(whole.history.first?.loss)))
  }

  @Test func `an epoch's last step has what is left`() async throws {
    let task = try ToyTask()
    func run(_ batch: Int, _ accumulation: Int) async throws -> TrainingResult {
      try await task.trainer(
        .all, TrainingConfiguration(epochs: 2, batch: batch, accumulation: accumulation, learningRate: 0.05)
      ).run()
    }
    // Steps of 8 and 4 images either way.
    let (whole, parts) = try await (run(8, 1), run(4, 2))
    for (a, b) in zip(whole.history, parts.history) { #expect(abs(a.valLoss - b.valLoss) < 1e-5 * a.valLoss) }
  }
}
