import GraftEngine
import GraftGraph
import GraftTensors
import Testing

@Suite struct BufferReuseTests {
  /// Memory whose zeros are written once must not be another value's between two runs.
  @EngineActor
  @Test func `a program gives the same numbers the second time, paddings included`() async throws {
    var graph = try LayerGraph(input: [16, 6, 6], name: "image")
    try graph.add(ZeroPadding2D("padding", top: 2, bottom: 2, left: 2, right: 2))
    for layer in 1...4 {
      try graph.add(Conv2D("conv\(layer)", filters: 16, kernel: 3, padding: .same))
      try graph.add(ChannelPadding("channels\(layer)", before: 3, after: 13))
      try graph.add(Conv2D("back\(layer)", filters: 16, kernel: 1))
      try graph.add(ZeroPadding2D("again\(layer)", top: 1, bottom: 0, left: 0, right: 1))
    }
    let parameters = Parameters.initialized(graph.parameters, seed: 1)
    let program = try InferenceProgram(graph, parameters: parameters, batch: 1)
    let image = Tensor([Float](repeating: 1, count: 16 * 36), shape: [1, 16, 6, 6])
    let first = try program.run(image).floats
    #expect(first.contains { $0 != 0 })
    #expect(try program.run(image).floats == first)
  }
}
