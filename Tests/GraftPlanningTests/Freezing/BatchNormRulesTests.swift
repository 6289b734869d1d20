import Foundation
import GraftGraph
import GraftPlanning
import Testing

@Suite struct BatchNormRulesTests {
  /// What is said of the two batch normalisations of `LayerSelectorTests.network`: whether γ and β train, and whether the
  /// batch's statistics are used.
  private static func facts(_ unfreeze: String, _ rules: String) throws -> [String: String] {
    let (graph, head) = try LayerSelectorTests.network()
    let plan = try FreezePlan(
      LayerSelector(parsing: unfreeze), graph: graph, head: head, batchNorm: BatchNormRules(parsing: rules))
    let norms = plan.layers(of: graph).compactMap { layer in layer.batchNorm.map { (layer.layer, $0) } }
    return Dictionary(uniqueKeysWithValues: norms).mapValues { norm in
      #expect(norm.statisticsUpdate == norm.usesBatchStatistics)
      return (norm.affineTrains ? "affine" : "still") + (norm.usesBatchStatistics ? "+batch" : "")
    }
  }

  @Test(
    arguments: [
      ("all", "frozen", "still", "still"), ("all", "affine", "affine", "affine"),
      ("all", "reestimate", "still+batch", "still+batch"), ("all", "train", "affine+batch", "affine+batch"),
      ("last:2", "train", "still", "affine+batch"), ("head", "train", "still", "still"),
      ("all", "train,frozen:match:block1_*", "still", "affine+batch"),
      ("all", "frozen:match:block1_*,match:stem,train", "still", "affine+batch"),
      ("head", "affine,reestimate:all", "still+batch", "still+batch"),
      ("head", "affine,reestimate:all,frozen:stage:block1", "still", "still+batch"),
      ("head", "frozen,train:all", "still", "still"),
      ("head,norm", "affine", "affine", "affine"), ("all&bias", "affine", "affine", "affine"),
    ])
  func `a policy holds for the layers it names`(unfreeze: String, rules: String, first: String, second: String) throws {
    #expect(try Self.facts(unfreeze, rules) == ["block1_bn": first, "block2_bn": second])
  }

  @Test(arguments: ["affine", "train,frozen:match:conv1_*", "reestimate,train:last:2,norm,frozen:(all,!bias)&norm"])
  func `rules read back from their text`(text: String) throws {
    let rules = try BatchNormRules(parsing: text)
    #expect(rules.description == text)
    #expect(try JSONDecoder().decode(BatchNormRules.self, from: JSONEncoder().encode(rules)) == rules)
  }

  @Test(
    arguments: [
      ("afine", "“afine” is no policy"), ("train,frozen", "two policies are for all layers"), ("", "“” is no policy"),
    ])
  func `what is no rule is refused`(text: String, reason: String) {
    let error = #expect(throws: PlanningError.self) { try BatchNormRules(parsing: text) }
    #expect(
      error?.description.hasPrefix("“\(text)” does not say how batch normalisations behave: \(reason); write") == true)
  }

  @Test func `biases alone train without the kernels and γ beside them`() throws {
    let (graph, head) = try LayerSelectorTests.network()
    let plan = try FreezePlan(.parameters(.bias), graph: graph, head: head)
    #expect(
      plan.trainableParameters(of: graph).map(\.name) == [
        "stem/bias", "block1_conv/bias", "block1_bn/beta", "block2_bn/beta", "head_dense/kernel", "head_dense/bias",
      ])
    #expect(plan.trainableLayers == ["stem", "block1_conv", "block1_bn", "block2_bn", "head_dense"])
    #expect(
      plan.layers(of: graph).map(\.words) == [
        "only bias trains", "only bias trains", "only β trains; moving statistics, kept", "frozen",
        "only β trains; moving statistics, kept", "trains",
      ])
    let stored = try JSONDecoder().decode(FreezePlan.self, from: JSONEncoder().encode(plan))
    #expect(stored == plan)
    #expect(plan.frontier(of: graph) == ["image"])
  }

  @Test func `a whole layer is the same plan whether it was selected or named`() throws {
    let (graph, head) = try LayerSelectorTests.network()
    let selected = try FreezePlan(.layer("stem"), graph: graph, head: head)
    #expect(selected == FreezePlan(trainableLayers: ["stem", "head_dense"]))
  }
}
