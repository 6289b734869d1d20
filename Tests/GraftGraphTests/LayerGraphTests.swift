import Foundation
import GraftGraph
import GraftTensors
import Testing

@Suite struct LayerGraphTests {
  static func branching() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 9, 9], name: "image")
    let stem = try graph.add(Conv2D("stem", filters: 4, kernel: 3, strides: 2, padding: .same))
    graph.beginStage("branches")
    let left = try graph.add(Conv2D("left", filters: 2, kernel: 1), after: [stem])
    let right = try graph.add(Conv2D("right", filters: 3, kernel: 3, padding: .same), after: [stem])
    try graph.add(Concatenate("concat"), after: [left, right])
    graph.beginStage(nil)
    try graph.add(GlobalAveragePooling2D("pool"))
    try graph.add(Dense("dense", units: 2, activation: .softmax))
    return graph
  }

  @Test func `shapes follow from layer to layer`() throws {
    let graph = try Self.branching()
    #expect(graph["stem"]?.shape == [4, 5, 5])
    #expect(graph["concat"]?.shape == [5, 5, 5])
    #expect(graph.output?.shape == [2])
    #expect(graph.parameterCount == (3 * 9 * 4 + 4) + (4 * 2 + 2) + (4 * 9 * 3 + 3) + (5 * 2 + 2))
  }

  @Test func `a cut keeps what its output needs and nothing else`() throws {
    let cut = try Self.branching().cut(at: ["left"])
    #expect(cut.nodes.map(\.name) == ["image", "stem", "left"])
    #expect(cut.outputs == ["left"])
  }

  @Test func `a suffix begins with inputs in the frontier's place`() throws {
    let suffix = try Self.branching().suffix(after: ["left", "right"])
    #expect(suffix.nodes.map(\.name) == ["left", "right", "concat", "pool", "dense"])
    #expect(suffix.inputs.map(\.shape) == [[2, 5, 5], [3, 5, 5]])
  }

  @Test func `taking the softmax off leaves the same parameters`() throws {
    let graph = try Self.branching()
    let logits = try graph.withoutFinalSoftmax()
    #expect(logits.parameters == graph.parameters)
    #expect((logits.output?.layer as? Dense)?.activation == .linear)
    #expect(throws: GraphError.noSoftmax(output: "dense")) { try logits.withoutFinalSoftmax() }
  }

  @Test func `a saved graph comes back the same`() throws {
    let graph = try Self.branching().attachingClassifier()
    let saved = try JSONEncoder().encode(graph)
    let restored = try JSONDecoder().decode(LayerGraph.self, from: saved)
    #expect(restored.nodes.map(\.name) == graph.nodes.map(\.name))
    #expect(restored.nodes.map(\.shape) == graph.nodes.map(\.shape))
    #expect(restored.nodes.map(\.inputs) == graph.nodes.map(\.inputs))
    #expect(restored.outputs == graph.outputs)
    #expect(restored.parameters == graph.parameters)
    #expect(restored.nodes.map(\.stage) == graph.nodes.map(\.stage))
  }

  @Test func `another image size changes shapes and no parameter`() throws {
    let graph = try Self.branching()
    let larger = try graph.resized(to: [3, 20, 14])
    #expect(larger["stem"]?.shape == [4, 10, 7])
    #expect(larger.parameters == graph.parameters)
  }

  @Test func `nodes may share a layer if its parameters suit all of them`() throws {
    var graph = try Self.branching()
    let shared = Dense("shared", units: 2)
    try graph.add(shared, after: ["pool"], as: "once")
    let count = graph.parameterCount
    try graph.add(shared, after: ["pool"], as: "again")
    #expect(graph.parameterCount == count)
    #expect(
      Self.message { try graph.add(shared, after: ["once"], as: "late") }
        == "“shared/kernel” would need two shapes, [2, 5] and [2, 2]: nodes that share a layer must take inputs of one "
        + "kind, and different layers must have different names")
    #expect(graph["late"] == nil)
  }

  @Test func `a constant follows nothing, whatever was added before it`() throws {
    var graph = try LayerGraph(input: [2], name: "image")
    try graph.add(Constant("offset", shape: [2]))
    #expect(graph["offset"]?.inputs == [])
    #expect(graph["offset"]?.parameters.map(\.isTrainable) == [false])
  }

  @Test func `what is larger than any memory is refused before anything is reserved`() throws {
    var graph = try LayerGraph(input: [1, 1, 1], name: "image")
    let factors = Size2D(height: .max, width: 1)
    #expect(throws: GraphError.tooLarge(layer: "up", kind: "UpSampling2D", shape: [1, .max, 1])) {
      try graph.add(UpSampling2D("up", factors: factors))
    }
  }

  @Test func `mistakes are named`() throws {
    var graph = try Self.branching()
    #expect(Self.message { _ = try graph.node("rihgt") } == "there is no layer “rihgt”; did you mean “right”?")
    #expect(
      Self.message { try graph.add(Dense("stem", units: 1), after: ["pool"]) }
        == "two layers are named “stem”; names must differ within a network")
    #expect(
      Self.message { try graph.add(Dense("late", units: 1), after: ["concat"]) }
        == "layer “late” (Dense) takes a vector [C] (flatten or pool a feature map first), but its input has the shape "
        + "[5, 5, 5]")
    #expect(
      Self.message { try graph.add(MaxPooling2D("late", size: 6), after: ["concat"]) }
        == "layer “late” (MaxPooling2D) slides a window of 6×6, but its input is only 5×5; use larger images")
    #expect(
      Self.message { try graph.add(Concatenate("late"), after: ["concat", "image"]) }
        == "layer “late” (Concatenate) joins inputs that do not fit together: [5, 5, 5] and [3, 9, 9]")
    #expect(
      Self.message { try graph.add(Conv2D("late", filters: 4, kernel: 1, groups: 2), after: ["concat"]) }
        == "layer “late” (Conv2D) has groups 2; expected a divisor of both 5 input channels and 4 filters")
    #expect(
      Self.message { try graph.add(Concatenate("late"), after: ["concat"]) }
        == "layer “late” (Concatenate) takes two inputs or more, but 1 were given")
  }

  private static func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)"
    }
  }
}

extension LayerGraph {
  fileprivate func attachingClassifier() throws -> LayerGraph {
    try cut(at: ["concat"]).attaching(Head(classes: 7, dropout: 0.3))
  }
}
