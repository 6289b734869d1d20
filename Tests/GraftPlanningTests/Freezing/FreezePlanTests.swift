import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct FreezePlanTests {
  /// stem → (left, right) → concat → late, with dropout before `late` and a head of dropout and dense.
  static func network() throws -> (graph: LayerGraph, head: Set<String>) {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    let stem = try graph.add(Conv2D("stem", filters: 4, kernel: 3))
    let left = try graph.add(Conv2D("left", filters: 2, kernel: 1), after: [stem])
    let right = try graph.add(Conv2D("right", filters: 2, kernel: 1), after: [stem])
    try graph.add(Concatenate("concat"), after: [left, right])
    graph.beginStage("block2")
    try graph.add(Dropout("drop", rate: 0.5))
    try graph.add(Conv2D("late", filters: 4, kernel: 1))
    graph.beginStage(nil)
    let backbone = Set(graph.nodes.map(\.name))
    graph = try graph.attaching(Head(classes: 2, dropout: 0.5))
    return (graph, Set(graph.nodes.map(\.name)).subtracting(backbone))
  }

  private static func plan(_ text: String) throws -> (FreezePlan, LayerGraph) {
    let (graph, head) = try network()
    return (try FreezePlan(LayerSelector(parsing: text), graph: graph, head: head), graph)
  }

  @Test(
    arguments: [
      ("head", []), ("all", ["stem", "left", "right", "late"]), ("last:1", ["late"]), ("last:2", ["right", "late"]),
      ("from:left", ["left", "late"]), ("from:concat", ["late"]), ("from:block2", ["late"]),
      ("from:stem", ["stem", "left", "right", "late"]),
      ("match:*t", ["left", "right"]), ("match:l?te", ["late"]),
    ] as [(String, Set<String>)])
  func `a selector trains what it says, and the head`(text: String, backbone: Set<String>) throws {
    let (plan, _) = try Self.plan(text)
    #expect(plan.trainableLayers == backbone.union(["head_dense"]))
  }

  @Test(
    arguments: [
      ("head", ["head_pool"]), ("from:late", ["concat"]), ("from:left", ["stem", "right"]), ("all", ["image"]),
    ] as [(String, [String])])
  func `the frontier is the last of what nothing trainable or random precedes`(
    text: String, frontier: [String]
  ) throws {
    let (plan, graph) = try Self.plan(text)
    #expect(plan.frontier(of: graph) == frontier)
  }

  @Test func `dropout below a frozen layer is off, above it on`() throws {
    let (head, graph) = try Self.plan("head")
    #expect(head.activeStochasticNodes(of: graph) == ["head_dropout"])
    let (late, _) = try Self.plan("from:late")
    #expect(late.activeStochasticNodes(of: graph) == ["drop", "head_dropout"])
    let (left, _) = try Self.plan("match:left")
    #expect(left.activeStochasticNodes(of: graph) == ["head_dropout"])
  }

  @Test func `mistakes are named`() throws {
    func message(_ text: String) -> String? {
      do {
        _ = try Self.plan(text)
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message("tail")
        == "“tail” does not say which layers to unfreeze; write head, all, last:N, last:30%, last-stage:N, "
        + "from:LAYER|STAGE, until:LAYER|STAGE, stage:NAME, layer:NAME, match:GLOB, regex:RE, bias, norm, kernels")
    #expect(
      message("from:stam")
        == "there is no layer “stam”; did you mean “stem”? `graft inspect` lists them all")
    #expect(
      message("from:xyz") == "there is no layer “xyz”; `graft inspect` lists them all")
    #expect(
      message("match:block*")
        == "no layer with weights matches “block*”; they are named like left, right, late")
    #expect(
      message("last:9")
        == "last:9 asks for more layers than the backbone has with weights (4); write all instead")
    #expect(message("last:0") != nil)
  }
}
