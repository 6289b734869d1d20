import Foundation
import GraftEngine
import GraftGraph
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct LowRankAdaptersTests {
  /// Convolutions of all kinds, one of them at two places, and dense layers.
  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [3, 12, 11], name: "image")
    graph.beginStage("stem")
    try graph.add(Conv2D("wide", filters: 8, kernel: 3, strides: 2, padding: .same, activation: .relu))
    graph.beginStage("body")
    try graph.add(Conv2D("dilated", filters: 8, kernel: 3, padding: .same, dilation: 2, usesBias: false))
    try graph.add(BatchNormalization("norm"))
    try graph.add(Activation("relu", .relu))
    let shared = Conv2D("shared", filters: 8, kernel: 1, activation: .tanh)
    let first = try graph.add(shared)
    let second = try graph.add(shared, as: "shared again")
    try graph.add(Add("sum"), after: [first, second])
    try graph.add(Conv2D("grouped", filters: 8, kernel: 3, groups: 4))
    try graph.add(DepthwiseConv2D("depthwise", kernel: 3))
    graph.beginStage(nil)
    try graph.add(GlobalAveragePooling2D("pool"))
    try graph.add(Dense("hidden", units: 5, activation: .relu))
    try graph.add(Dense("scores", units: 3))
    return graph
  }

  private static let layers: Set = ["wide", "dilated", "shared", "grouped", "depthwise", "hidden", "norm"]

  private let graph: LayerGraph
  private let parameters: Parameters
  private let adapted: LayerGraph
  private let adapters: LowRankAdapters

  init() throws {
    graph = try Self.network()
    parameters = .initialized(graph.parameters, seed: 4)
    (adapted, adapters) = try graph.addingLowRankAdapters(beside: Self.layers, rank: 2)
  }

  @Test func `they stand beside convolutions of all channels and dense layers, and keep every node's name`() throws {
    #expect(adapters.layers == ["wide", "dilated", "shared", "hidden"])
    for node in graph.nodes {
      let now = try adapted.node(node.name)
      #expect(now.shape == node.shape && now.stage == node.stage)
    }
    let added = adapted.parameters.filter { parameter in !graph.parameters.contains { $0.name == parameter.name } }
    #expect(
      added.map { "\($0.name) \($0.shape)" } == [
        "wide/lora_a/kernel [2, 3, 3, 3]", "wide/lora_b/kernel [8, 2, 1, 1]",
        "dilated/lora_a/kernel [2, 8, 3, 3]", "dilated/lora_b/kernel [8, 2, 1, 1]",
        "shared/lora_a/kernel [2, 8, 1, 1]", "shared/lora_b/kernel [8, 2, 1, 1]",
        "hidden/lora_a/kernel [2, 8]", "hidden/lora_b/kernel [5, 2]",
      ])
  }

  @Test func `a rank is never more than the kernel's own`() throws {
    let (graph, _) = try graph.addingLowRankAdapters(beside: ["wide", "hidden"], rank: 100)
    #expect(try graph.node("wide/lora_a").shape[0] == 8)
    #expect(try graph.node("hidden/lora_a").shape[0] == 5)
  }

  @Test func `nothing changes until something is learnt`() async throws {
    var numbers = parameters
    numbers.merge(adapters.initialized(in: adapted, seed: 1))
    #expect(try await scores(adapted, numbers).difference(from: scores(graph, parameters)) < 1e-6)
    let merged = adapters.merged(numbers)
    #expect(merged.tensors.keys.sorted() == parameters.tensors.keys.sorted())
    for (name, tensor) in parameters.tensors { #expect(merged[name]?.floats == tensor.floats, "\(name)") }
  }

  @Test func `what is merged computes what stood side by side`() async throws {
    var numbers = parameters
    numbers.merge(adapters.initialized(in: adapted, seed: 1))
    var generator = SeededGenerator(seed: 5, stream: 0)
    for layer in adapters.layers.sorted() {
      let name = "\(LowRankAdapters.names(beside: layer).up)/kernel"
      let shape = try #require(numbers[name]).shape
      numbers[name] = Tensor((0..<shape.count).map { _ in generator.nextUniform() - 0.5 }, shape: shape)
    }
    let merged = try adapters.merged(adapted)
    #expect(try JSONEncoder.stable.encode(merged) == JSONEncoder.stable.encode(graph))
    let together = try await scores(merged, adapters.merged(numbers))
    #expect(try await scores(adapted, numbers).difference(from: together) < 1e-5)
    #expect(try await scores(graph, parameters).difference(from: together) > 1e-2)
  }

  private func scores(_ graph: LayerGraph, _ parameters: Parameters) async throws -> Tensor {
    var generator = SeededGenerator(seed: 9, stream: 0)
    let images = Tensor((0..<3 * 3 * 12 * 11).map { _ in generator.nextUniform() - 0.5 }, shape: [3, 3, 12, 11])
    return try await EngineActor.run {
      let program = try InferenceProgram(graph, parameters: parameters, batch: 3)
      return try #require(try program.run(["image": images])["scores"])
    }
  }
}

extension Tensor {
  /// The greatest distance of any element from another tensor's.
  fileprivate func difference(from other: Tensor) -> Float {
    zip(floats, other.floats).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}

extension JSONEncoder {
  fileprivate static var stable: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }
}
