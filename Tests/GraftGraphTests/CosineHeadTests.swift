import Foundation
import GraftGraph
import GraftTensors
import Testing

@Suite struct CosineHeadGraphTests {
  @Test func `a cosine head is directions, their products, and a softmax`() throws {
    let graph = try LayerGraph(input: [4, 3, 3]).attaching(Head(classes: 3, kind: .cosine(scale: 7)))
    #expect(
      graph.nodes.map(\.name).suffix(4) == ["head_pool", "head_unit", "head_dense", "head_softmax"])
    #expect(graph["head_dense"]?.layer as? UnitDense == UnitDense("head_dense", units: 3, scale: 7))
    #expect(graph.parameters.map(\.name) == ["head_dense/kernel"])
    #expect(try graph.logits(for: [.classification(classes: ["a", "b", "c"])]).outputs == ["head_dense"])
    let restored = try JSONDecoder().decode(LayerGraph.self, from: JSONEncoder().encode(graph))
    #expect(restored["head_dense"]?.layer as? UnitDense == UnitDense("head_dense", units: 3, scale: 7))
  }

  @Test func `heads survive their JSON, and those of the time before kinds are linear`() throws {
    let head = Head(classes: 2, kind: .cosine(scale: 16), dropout: 0.5)
    #expect(try JSONDecoder().decode(Head.self, from: JSONEncoder().encode(head)) == head)
    var json = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(head)) as? [String: Any])
    json["kind"] = nil
    let old = try JSONDecoder().decode(Head.self, from: JSONSerialization.data(withJSONObject: json))
    #expect(old == Head(classes: 2, dropout: 0.5))
  }

  @Test func `the plain kernel's rows are as long as the scale, and rows of zeros stay`() {
    let layer = UnitDense("x", units: 3, scale: 10)
    let plain = layer.plainKernel(Tensor([3, 4, 0, 0, -2, 0], shape: [3, 2]))
    for (found, expected) in zip(plain.floats, [6, 8, 0, 0, -10, 0] as [Float]) {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  @Test func `scales that make no sense are refused`() {
    for scale in [0, -1, Float.infinity] {
      #expect(throws: GraphError.self) { try UnitDense("x", units: 2, scale: scale).outputShape(of: [[4]]) }
    }
    #expect(throws: GraphError.self) { try UnitNormalization("x").outputShape(of: [[4, 5]]) }
  }
}
