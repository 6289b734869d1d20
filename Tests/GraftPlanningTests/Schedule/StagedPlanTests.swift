import Foundation
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct StagedPlanTests {
  @Test(
    arguments: [
      ("head 5 epochs → last:1 5 epochs at lr/10 → all", "head 5 epochs → last:1 5 epochs at lr/10 → all"),
      (
        "head 5 > last:1 5 lr/10 > all 3 lr=1e-5", "head 5 epochs → last:1 5 epochs at lr/10 → all 3 epochs at lr=1e-05"
      ),
      ("head 1->all at lr*0.3", "head 1 epoch → all at lr*0.3"),
      ("last:2, norm 4 bn=train,frozen:match:a*", "last:2,norm 4 epochs bn=train,frozen:match:a*"),
      ("gradual:1", "gradual:1"), ("name=\"warm up\" head 2", "name=\"warm up\" head 2 epochs"),
      ("layer:\"a->b\" → regex:\"x > y\"", "layer:\"a->b\" → regex:\"x > y\""), ("layer:a- → all", "layer:a- → all"),
    ])
  func `stages read back from their text`(text: String, canonical: String) throws {
    let plan = try StagedPlan(parsing: text)
    #expect(plan.description == canonical)
    #expect(try StagedPlan(parsing: canonical) == plan)
    #expect(try JSONDecoder().decode(StagedPlan.self, from: JSONEncoder().encode(plan)) == plan)
  }

  @Test func `a random plan's text reads back to itself`() throws {
    var generator = SeededGenerator(seed: 7)
    let selectors: [LayerSelector] = [
      .head, .all, .last(3), .match("a b*"), .layer("x→y"), .last(2).union(.parameters(.norm)),
    ]
    for _ in 0..<500 {
      let stages = (0...Int.random(in: 0..<4, using: &generator)).map { _ in
        let number = Double.random(in: 1e-7...4, using: &generator)
        return PlanStage(
          Bool.random(using: &generator)
            ? .selector(selectors[Int.random(in: selectors.indices, using: &generator)]) : .gradual(epochs: 2),
          name: Bool.random(using: &generator) ? "at 5 \"epochs\"" : nil,
          epochs: Bool.random(using: &generator) ? Int.random(in: 1...90, using: &generator) : nil,
          rate: Bool.random(using: &generator) ? .absolute(number) : .factor(number),
          batchNorm: Bool.random(using: &generator)
            ? BatchNormRules(.train, rules: [.init(.frozen, selectors[4])]) : nil)
      }
      let plan = StagedPlan(stages)
      #expect(try StagedPlan(parsing: plan.description) == plan, "\(plan)")
    }
  }

  @Test(
    arguments: [
      ("head 0", "it takes at least one epoch"), ("head 5 lr/0", "after lr/ stands a number above 0"),
      ("head 5 epochs 6", "“6” is not understood"), ("head → ", "it does not say what trains"),
      ("gradual:x", "after gradual: stands a number of epochs"), ("head (", "brackets and quotes do not fit"),
    ])
  func `what is no stage is refused`(text: String, reason: String) {
    let error = #expect(throws: PlanningError.self) { try StagedPlan(parsing: text) }
    #expect(error?.description.contains("is no stage of a training: \(reason); write") == true, "\(error as Any)")
  }

  @Test(
    arguments: [
      ("head → all", 10, [5, 5]), ("head 3 → last:1 → all", 10, [3, 3, 4]), ("head 5 → all", 20, [5, 15]),
      ("head 5 → all 3", 100, [5, 3]),
    ])
  func `stages that name no epochs share what is left`(text: String, epochs: Int, expected: [Int]) throws {
    #expect(try StagedPlan(parsing: text).allotting(epochs: epochs) == expected)
  }

  @Test func `a stage that is left without an epoch is an error`() {
    let error = #expect(throws: PlanningError.self) {
      try StagedPlan(parsing: "head 5 → last:1 6 → all").allotting(epochs: 11)
    }
    #expect(error?.description == "no epochs are left for “all”: the other stages take 11 of --epochs 11")
  }

  private static func resolved(_ text: String, epochs: Int) throws -> [ResolvedStage] {
    let (graph, head) = try LayerSelectorTests.network()
    return try TransferPlan(StagedPlan(parsing: text)).resolved(on: graph, head: head, epochs: epochs).stages
  }

  @Test(
    arguments: [
      ("gradual:1", 10, "head 1, last-stage:1 1, all 8"), ("gradual:3", 10, "head 3, last-stage:1 3, all 4"),
      ("gradual:3", 7, "head 3, last-stage:1 4"), ("gradual:5", 2, "head 2"),
      ("head 2 → gradual:1", 6, "head 2, last-stage:1 1, all 3"),
    ])
  func `gradual unfreezing thaws stage after stage`(text: String, epochs: Int, expected: String) throws {
    let stages = try Self.resolved(text, epochs: epochs)
    #expect(stages.map { "\($0.name) \($0.epochs)" }.joined(separator: ", ") == expected)
  }

  @Test func `each stage has a freeze plan, a frontier and a rate of its own`() throws {
    let stages = try Self.resolved("name=warm-up head 2 → last:2 3 at lr/10 bn=train → all lr=0.5", epochs: 9)
    #expect(stages.map(\.name) == ["warm-up", "last:2", "all"])
    #expect(stages.map(\.epochs) == [2, 3, 4])
    #expect(stages.map { $0.rate.value(of: 0.01) } == [0.01, 0.001, 0.5])
    #expect(stages.map(\.frontier) == [["head_pool"], ["block1_relu"], ["image"]])
    #expect(stages.map { $0.freezePlan.batchNormModes } == [[:], ["block2_bn": .batchStatistics], [:]])
    let stored = try JSONDecoder().decode([ResolvedStage].self, from: JSONEncoder().encode(stages))
    #expect(stored == stages)
  }

  @Test func `the difference of two plans is said layer by layer`() throws {
    let (graph, head) = try LayerSelectorTests.network()
    let before = try TransferPlan(StagedPlan(parsing: "head 5 → last:2")).resolved(on: graph, head: head, epochs: 10)
    var plan = try TransferPlan(StagedPlan(parsing: "head 5 → all"), rates: .decay(0.5))
    plan.decay.towardsStart = 0.1
    let now = try plan.resolved(on: graph, head: head, epochs: 12)
    #expect(
      now.difference(from: before).map(\.description) == [
        "stage 2: last:2, 5 epochs at lr → all, 7 epochs at lr",
        "stage 2, stem: frozen → trains, 0.125 × the rate, decays by 0.1 towards its start",
        "stage 2, block1_conv: frozen → trains, 0.25 × the rate, decays by 0.1 towards its start",
        "stage 2, block1_bn: γ, β frozen; moving statistics, kept → γ, β train; moving statistics, kept, 0.25 × the rate",
        "stage 2, block2_conv: trains → trains, 0.5 × the rate, decays by 0.1 towards its start",
        "stage 2, block2_bn: γ, β train; moving statistics, kept → γ, β train; moving statistics, kept, 0.5 × the rate",
      ])
    #expect(now.difference(from: now).isEmpty)
  }
}
