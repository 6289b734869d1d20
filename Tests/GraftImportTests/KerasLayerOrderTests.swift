import GraftArchitectures
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct KerasLayerOrderTests {
  @Test func `side branches are listed by distance from the output, then as the output's inputs name them`() throws {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    try graph.add(Conv2D("shortcut", filters: 4, kernel: 1), after: ["image"])
    try graph.add(Conv2D("first", filters: 4, kernel: 1), after: ["image"])
    try graph.add(Conv2D("second", filters: 4, kernel: 1), after: ["first"])
    try graph.add(Concatenate("concat"), after: ["second", "shortcut"])
    #expect(graph.kerasLayerOrder.map(\.name) == ["image", "first", "second", "shortcut", "concat"])
  }
}
