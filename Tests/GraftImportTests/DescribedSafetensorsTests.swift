import Foundation
import GraftFormats
import GraftGraph
import GraftImport
import GraftTensors
import Testing

/// Safetensors that carry their network, as `graft export` writes them.
@Suite struct `Safetensors that describe themselves` {
  private let url = FileManager.default.temporaryDirectory.appending(path: "graft-\(UUID().uuidString).safetensors")

  private static func graph() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 8, 8], name: "image")
    graph.beginStage("stem")
    try graph.add(Conv2D("conv", filters: 4, kernel: 3, activation: .relu))
    graph.beginStage(nil)
    try graph.add(GlobalAveragePooling2D("pool"))
    try graph.add(Dense("scores", units: 2, activation: .softmax))
    return graph
  }

  private func write(
    graph: String? = nil, preprocessing: String? = nil, change: (inout Parameters) -> Void = { _ in }
  ) throws {
    var parameters = Parameters.initialized(try Self.graph().parameters, seed: 3)
    change(&parameters)
    let description = try graph ?? String(decoding: JSONEncoder().encode(Self.graph()), as: UTF8.self)
    try SafetensorsFile.write(
      parameters.tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      metadata: ["graft.graph": description].merging(preprocessing.map { ["preprocessing": $0] } ?? [:]) { $1 },
      to: url)
  }

  private func refusal() -> String { message { _ = try ImportedNetwork(contentsOf: url, keepsTop: true) } }

  @Test func `give back the network, its numbers and its preprocessing`() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try write(preprocessing: String(decoding: JSONEncoder().encode(Preprocessing.torch), as: UTF8.self))
    let network = try ImportedNetwork(contentsOf: url, keepsTop: true)
    #expect(network.graph.nodes.map(\.name) == ["image", "conv", "pool", "scores"])
    #expect(network.graph.stages == ["stem"])
    #expect(network.preprocessing == .torch)
    let expected = Parameters.initialized(try Self.graph().parameters, seed: 3)
    #expect(network.parameters.tensors.mapValues(\.floats) == expected.tensors.mapValues(\.floats))
    #expect(network.report.unused == [])
    let headless = try ImportedNetwork(contentsOf: url)
    #expect(headless.graph["scores"] == nil)
  }

  @Test func `take images of another size`() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try write()
    let network = try ImportedNetwork(contentsOf: url, inputSize: Size2D(height: 5, width: 9), keepsTop: true)
    #expect(network.graph["conv"]?.shape == [4, 3, 7])
    #expect(network.preprocessing == nil)
    #expect(throws: GraphError.self) { try ImportedNetwork(contentsOf: url, inputSize: 2) }
  }

  @Test func `are refused where the graph is none, or another's`() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let name = url.lastPathComponent
    try write(graph: "{")
    #expect(
      refusal()
        == "the network that \(name) describes (graft.graph) cannot be read: it is no JSON of a graph. Export it again")
    try write(graph: #"{"nodes": [{"kind": "Magic", "name": "m", "inputs": [], "layer": {}}], "outputs": []}"#)
    #expect(refusal().contains("(graft.graph) cannot be read: "))
    #expect(refusal().contains("Magic"))
    try write { $0["conv/bias"] = nil }
    #expect(refusal().hasPrefix("\(name) lacks “conv/bias” of the shape [4]"))
    try write { $0["conv/bias"] = Tensor(zeros: [5]) }
    #expect(refusal().hasPrefix("“conv/bias” in \(name) has the shape [5], but layer “conv” needs [4]."))
    // As deep as a file can be cheaply: the reader must not run out of stack.
    try write(graph: String(repeating: "[", count: 200_000))
    #expect(refusal().hasSuffix("it is no JSON of a graph. Export it again"))
  }
}
