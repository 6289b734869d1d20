import GraftPlanning
import Testing

@testable import GraftTraining

@Suite struct LargeBatchTests {
  @Test(arguments: [0, 1 << 30])
  func `a batch of more images than there are is a batch of them all`(cacheSize: Int) async throws {
    let task = try ToyTask()
    func run(_ batch: Int) async throws -> TrainingResult {
      try await task.trainer(.head, TrainingConfiguration(epochs: 2, batch: batch, cacheSize: cacheSize)).run()
    }
    let (all, endless) = try await (run(12), run(.max))
    #expect(all.timeless == endless.timeless)
  }
}
