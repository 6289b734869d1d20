import GraftEngine
import GraftGraph
import GraftImages
import GraftPlanning
import GraftTraining
import Testing

@testable import GraftAdvice

/// What a training takes, and what is offered where that is too much.
@Suite struct TrainingFitTests {
  private static func trainer(
    _ toy: AdviceToy, _ selector: LayerSelector = .all, batch: Int = 16, cacheSize: Int = 1 << 30
  ) throws -> Trainer {
    let model = try AdviceToy.model()
    return try Trainer(
      model, plan: FreezePlan(selector, graph: model.graph, head: model.head),
      configuration: TrainingConfiguration(epochs: 3, batch: batch, cacheSize: cacheSize), training: toy.data.training,
      validation: toy.data.validation)
  }

  /// What the training takes beside the process.
  @EngineActor
  private static func demand(_ trainer: Trainer) throws -> Int {
    try TrainingDemand(process: 0)(trainer).largest.memory
  }

  @EngineActor
  @Test func `larger batches, more that trains and more that is remembered take more`() async throws {
    let toy = try AdviceToy(.colour)
    let full = try Self.demand(Self.trainer(toy))
    #expect(try Self.demand(Self.trainer(toy, batch: 4)) < full)
    #expect(try Self.demand(Self.trainer(toy, cacheSize: 0)) == full - 4 * 3 * 8 * 8 * 48)
    let head = try Self.trainer(toy, .head)
    #expect(try Self.demand(head) < full)
    // Two images' features of eight numbers: nothing is put on the disk that memory holds.
    #expect(try TrainingDemand(process: 0)(head).largest.disk == 0)
  }

  @EngineActor
  @Test func `what fits needs no other`() async throws {
    let toy = try AdviceToy(.colour)
    let fit = try TrainingFit(Self.trainer(toy), within: Resources(memory: 1 << 40, disk: .max))
    #expect(fit.fits && fit.nearest == nil)
    try fit.requireFit()
  }

  @EngineActor
  @Test func `what does not fit is refused with the least change that does`() async throws {
    let toy = try AdviceToy(.colour)
    let trainer = try Self.trainer(toy)
    let demand = TrainingDemand(process: 0)
    let needed = try Self.demand(trainer)
    var changes: [String] = []
    for limit in stride(from: needed - 1, through: needed / 2, by: -needed / 40) {
      let fit = try TrainingFit(trainer, within: Resources(memory: limit, disk: .max), demand: demand)
      #expect(!fit.fits)
      guard let nearest = fit.nearest else { continue }
      #expect(nearest.needed.memory <= limit)
      #expect(try demand(nearest.trainer).largest == nearest.needed)
      // A smaller batch makes the same steps.
      let configuration = nearest.trainer.configuration
      #expect(configuration.batch * configuration.accumulation == 16)
      changes.append(nearest.options)
      #expect(throws: AdviceError.self) { try fit.requireFit() }
    }
    #expect(changes.first?.hasPrefix("--cache-size") == true)
    #expect(changes.contains { $0.contains("--batch") && $0.contains("--accumulate") })
  }

  @EngineActor
  @Test func `where nothing fits, that is said`() async throws {
    let toy = try AdviceToy(.colour)
    let fit = try TrainingFit(Self.trainer(toy), within: Resources(memory: 1000, disk: .max))
    #expect(fit.nearest == nil)
    let error = #expect(throws: AdviceError.self) { try fit.requireFit() }
    #expect("\(try #require(error))".contains("Nothing like it fits"))
  }

  @EngineActor
  @Test func `what is passed as small without a look does fit`() async throws {
    let toy = try AdviceToy(.colour)
    let trainer = try Self.trainer(toy)
    // What the process itself holds changes while other tests run beside.
    let process = 1 << 28
    let needed = try TrainingDemand(process: process)(trainer).largest.memory
    #expect(!TrainingFit.isSmall(trainer, within: Resources(memory: needed, disk: .max), process: process))
    #expect(TrainingFit.isSmall(trainer, within: Resources(memory: 1 << 40, disk: .max)))
  }

  @Test func `an estimate has a line for each stage, and adds up`() async throws {
    let toy = try AdviceToy(.colour)
    let model = try AdviceToy.model()
    let plan = TransferPlan(
      StagedPlan([PlanStage(.head, epochs: 2), PlanStage(.all, epochs: 3, rate: .factor(0.1))]))
    let trainer = try Trainer(
      model, stages: plan.applied(to: model, epochs: 5, learningRate: 0.01, seed: 0).stages,
      configuration: TrainingConfiguration(batch: 16), training: toy.data.training, validation: toy.data.validation)
    let estimate = try await EngineActor.run { try await TrainingEstimate(measuring: trainer) }
    #expect(estimate.stages.count == 2)
    #expect(estimate.stages.allSatisfy { $0.firstEpochSeconds > 0 && $0.memory > 1 << 20 })
    // Behind the frontier, a head alone is quicker than the network.
    #expect(estimate.stages[0].laterEpochSeconds < estimate.stages[1].laterEpochSeconds)
    #expect(estimate.seconds >= estimate.stages[0].seconds + 3 * estimate.stages[1].laterEpochSeconds)
    #expect(estimate.memory == estimate.stages.map(\.memory).max())
  }
}
