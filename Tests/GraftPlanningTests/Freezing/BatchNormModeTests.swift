import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct BatchNormModeTests {
  /// conv → bn → dropout → late, late being trainable in every plan here.
  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    try graph.add(Conv2D("conv", filters: 4, kernel: 3))
    try graph.add(BatchNormalization("bn"))
    try graph.add(Dropout("drop", rate: 0.5))
    try graph.add(Conv2D("late", filters: 4, kernel: 1))
    return graph
  }

  @Test func `no plan trains moving statistics`() throws {
    let graph = try Self.network()
    let plan = FreezePlan(trainableLayers: ["bn", "late"], batchNormModes: ["bn": .batchStatistics])
    #expect(
      plan.trainableParameters(of: graph).map(\.name) == ["bn/gamma", "bn/beta", "late/kernel", "late/bias"])
  }

  @Test func `a layer that uses the statistics of the batch lies behind the frontier, whether or not it trains`() throws
  {
    let graph = try Self.network()
    let frozen = FreezePlan(trainableLayers: ["late"])
    #expect(frozen.frontier(of: graph) == ["bn"])
    let updating = FreezePlan(trainableLayers: ["late"], batchNormModes: ["bn": .batchStatistics])
    #expect(updating.frontier(of: graph) == ["conv"])
    let affine = FreezePlan(trainableLayers: ["bn", "late"])
    #expect(affine.frontier(of: graph) == ["conv"])
  }

  @Test func `frozen statistics do not keep a layer whose affine part trains from counting as trainable`() throws {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    try graph.add(Dropout("drop", rate: 0.5))
    try graph.add(BatchNormalization("bn"))
    #expect(FreezePlan(trainableLayers: ["bn"]).activeStochasticNodes(of: graph) == ["drop"])
    #expect(FreezePlan(trainableLayers: []).activeStochasticNodes(of: graph) == [])
  }
}
