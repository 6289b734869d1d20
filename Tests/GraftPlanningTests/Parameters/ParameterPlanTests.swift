import Foundation
import GraftGraph
import GraftPlanning
import Testing

@Suite struct ParameterPlanTests {
  private static func plans(
    _ unfreeze: LayerSelector, rates: String = "uniform", decay: DecayRule = DecayRule()
  ) throws -> [String: ParameterPlan] {
    let (graph, head) = try LayerSelectorTests.network()
    return try FreezePlan(unfreeze, graph: graph, head: head)
      .parameterPlans(of: graph, head: head, rates: RateRule(parsing: rates), decay: decay)
  }

  @Test func `rates decay by stages from the head down, the stem being one more`() throws {
    let rates = try Self.plans(.all, rates: "decay:0.5").mapValues(\.rate)
    #expect(
      rates == [
        "stem/kernel": 0.125, "stem/bias": 0.125, "block1_conv/kernel": 0.25, "block1_conv/bias": 0.25,
        "block1_bn/gamma": 0.25, "block1_bn/beta": 0.25, "block2_conv/kernel": 0.5, "block2_bn/gamma": 0.5,
        "block2_bn/beta": 0.5, "head_dense/kernel": 1, "head_dense/bias": 1,
      ])
  }

  @Test func `a stage's rate is the same whatever else is frozen`() throws {
    let rates = try Self.plans(.stage("block1"), rates: "decay:0.5")
    #expect(rates["block1_conv/kernel"]?.rate == 0.25)
    #expect(rates["block2_conv/kernel"] == .frozen)
  }

  @Test func `explicit factors hold for what they name, the last first`() throws {
    let rates = try Self.plans(.all, rates: "all=0.1; norm=1; stage:block2&norm=0.3").mapValues(\.rate)
    #expect(rates["stem/kernel"] == 0.1)
    #expect(rates["block1_bn/beta"] == 1)
    #expect(rates["block2_bn/gamma"] == 0.3)
    #expect(rates["head_dense/kernel"] == 1)
  }

  @Test func `decay spares biases and norms`() throws {
    let pulled = try Self.plans(.all, decay: DecayRule(weightDecay: 0.01)).filter { $0.value.decay > 0 }
    #expect(Set(pulled.keys) == ["stem/kernel", "block1_conv/kernel", "block2_conv/kernel", "head_dense/kernel"])
    #expect(pulled.values.allSatisfy { $0.decay == 0.01 && !$0.decaysTowardsStart })
    let all = try Self.plans(.all, decay: DecayRule(weightDecay: 0.01, sparesBiasesAndNorms: false))
    #expect(all.values.allSatisfy { $0.decay == 0.01 })
  }

  @Test func `L2-SP pulls the backbone towards its start and the head towards zero`() throws {
    let plans = try Self.plans(.last(2), decay: DecayRule(weightDecay: 0.01, towardsStart: 0.1))
    #expect(plans["block2_conv/kernel"] == ParameterPlan(trains: true, decay: 0.1, decaysTowardsStart: true))
    #expect(plans["block2_bn/gamma"] == ParameterPlan(trains: true))
    #expect(plans["head_dense/kernel"] == ParameterPlan(trains: true, decay: 0.01))
    #expect(plans["stem/kernel"] == .frozen)
  }

  @Test func `a pull that is negative or no number is refused`() {
    for decay in [DecayRule(weightDecay: -1), DecayRule(towardsStart: .nan)] {
      #expect(throws: PlanningError.self) { try decay.validate() }
    }
  }

  @Test(arguments: ["uniform", "decay:0.4", "all=0.1; norm=1", "match:\"a=b\"=0.25"])
  func `rates read back from their text`(text: String) throws {
    let rule = try RateRule(parsing: text)
    #expect(rule.description == text)
    #expect(try JSONDecoder().decode(RateRule.self, from: JSONEncoder().encode(rule)) == rule)
  }

  @Test(
    arguments: [
      ("0.4", "“0.4” has no ="), ("decay:0", "“0” is no number above 0"), ("decay:2", "a decay is at most 1"),
      ("all=x", "“x” is no number above 0"),
    ])
  func `what is no rate is refused`(text: String, reason: String) {
    let error = #expect(throws: PlanningError.self) { try RateRule(parsing: text) }
    #expect(error?.description.contains("“\(text)” does not say how fast parameters move: \(reason); write") == true)
  }
}
