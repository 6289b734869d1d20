import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

/// Which network a file is of shows in its layers' names; numbers are not looked at, so one stands for each tensor.
@Suite struct ArchitectureMatchTests {
  private func file(_ layers: [String]) -> KerasWeights {
    KerasWeights(
      layers: layers.map { .init(name: $0, weights: [(name: "\($0)_W", tensor: Tensor(zeros: [1000]))]) })
  }

  private func match(_ layers: [String], keepsTop: Bool = false) throws -> ArchitectureMatch {
    try file(layers).match(.resnet50, inputSize: nil, keepsTop: keepsTop, fileName: "resnet50.h5")
  }

  private func epsilons(_ graph: LayerGraph) -> Set<Float> {
    Set(graph.nodes.compactMap { ($0.layer as? BatchNormalization)?.epsilon })
  }

  @Test func `the ResNet-50 of Keras 1 is recognised by its layers' names under the present one's`() throws {
    let early = try #require(Architecture.resnet50.variants.first)
    let matched = try match(early.graph().weightedLayers.reversed())
    #expect(matched.graph["res5c_branch2c"]?.shape == [2048, 7, 7])
    #expect(epsilons(matched.graph) == [1e-3])
    // Without padding before it, the pooling leaves 55 of 112; the present network's leaves 56.
    #expect(matched.graph["max_pooling2d_1"]?.shape == [64, 55, 55])
    #expect(!matched.hasTop)
  }

  @Test func `its classifier is kept where asked for`() throws {
    let early = try #require(Architecture.resnet50.variants.first)
    let layers = try early.graph(classes: 1000).weightedLayers
    let matched = try match(layers, keepsTop: true)
    #expect(matched.hasTop && matched.graph.output?.name == "fc1000")
    #expect(try match(layers).unusedLayers == 1)
  }

  @Test func `the present ResNet-50 stays what it is`() throws {
    let matched = try match(Architecture.resnet50.graph().weightedLayers)
    #expect(epsilons(matched.graph) == [1.001e-5])
    #expect(matched.graph["pool1_pool"]?.shape == [64, 56, 56])
  }

  @Test func `the ResNet-50 of Keras 1 has as many parameters as published`() throws {
    let early = try #require(Architecture.resnet50.variants.first)
    #expect(try early.graph(classes: 1000).parameterCount == 25_636_712)
  }
}
