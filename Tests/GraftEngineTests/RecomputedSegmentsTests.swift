import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@testable import GraftEngine

@Suite struct RecomputedSegmentsTests {
  /// Residual blocks, each of two convolutions with normalisations, and a classifier.
  private static func graph(blocks: Int, dropsIn: Int? = nil) throws -> LayerGraph {
    var graph = try LayerGraph(input: [16, 12, 12], name: "image")
    var last = try graph.add(Conv2D("stem", filters: 16, kernel: 3, padding: .same))
    for block in 1...blocks {
      let name = "block\(block)"
      try graph.add(Conv2D("\(name)_conv1", filters: 16, kernel: 3, padding: .same, usesBias: false), after: [last])
      try graph.add(BatchNormalization("\(name)_bn1"))
      try graph.add(Activation("\(name)_relu1", .relu))
      try graph.add(Conv2D("\(name)_conv2", filters: 16, kernel: 3, padding: .same, usesBias: false))
      if dropsIn == block { try graph.add(Dropout("\(name)_drop", rate: 0.3)) }
      let branch = try graph.add(BatchNormalization("\(name)_bn2"))
      try graph.add(Add("\(name)_add"), after: [last, branch])
      last = try graph.add(Activation("\(name)_out", .relu))
    }
    try graph.add(GlobalAveragePooling2D("mean"))
    try graph.add(Dense("scores", units: 3))
    return graph
  }

  private static func numbers(_ shape: Shape) -> Tensor {
    var generator = SeededGenerator(seed: 4)
    return Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape)
  }

  private struct Outcome: Equatable {
    var scores: [Float]
    var gradients, trained: [String: [Float]]
    var image: [Float]?
  }

  /// Two steps, because what a step leaves behind shows in the next.
  @EngineActor
  private static func train(
    _ graph: LayerGraph, _ memory: MemoryUse, _ precision: Precision = .float32, unfreezing layers: Set<String>? = nil
  ) throws -> (outcome: Outcome, bytes: Int) {
    let layers = layers ?? Set(graph.parameters.map(\.layer))
    let modes = graph.nodes.filter { $0.layer is BatchNormalization && layers.contains($0.layer.name) }
      .map { ($0.layer.name, BatchNormMode.batchStatistics) }
    let plan = FreezePlan(trainableLayers: layers, batchNormModes: Dictionary(uniqueKeysWithValues: modes))
    let program = try TrainingProgram(
      graph, parameters: .initialized(graph.parameters, seed: 2), plan: plan, batch: 4, precision: precision,
      memory: memory, seed: 9, differentiatesInputs: true)
    var scores: [Float] = []
    for _ in 1...2 {
      scores += try program.forward(["image": numbers([4, 16, 12, 12])]).floats
      try program.backward(numbers([4, 3]))
    }
    return (
      Outcome(
        scores: scores, gradients: try program.gradients().tensors.mapValues { $0.floats },
        trained: try program.trainedParameters().tensors.mapValues { $0.floats },
        image: try program.inputGradient("image")?.floats), program.footprint.activations
    )
  }

  @EngineActor
  @Test(arguments: Precision.allCases.filter(\.isNative))
  func `what is computed twice is the same to the last bit, moving statistics too, in less memory`(
    precision: Precision
  ) throws {
    let graph = try Self.graph(blocks: 9)
    let (fast, bytes) = try Self.train(graph, .fast, precision)
    let (low, fewer) = try Self.train(graph, .low, precision)
    #expect(low == fast)
    #expect(low.trained["block3_bn1/moving_mean"] != nil)
    #expect(fewer * 2 < bytes)
  }

  @EngineActor
  @Test func `a part that draws random numbers runs once`() throws {
    let graph = try Self.graph(blocks: 9, dropsIn: 4)
    let segments = RecomputedSegments(of: graph, runningOnce: ["block4_drop"]).segments
    #expect(!segments.isEmpty)
    #expect(!segments.joined().contains("block4_drop"))
    let (fast, bytes) = try Self.train(graph, .fast)
    let (low, fewer) = try Self.train(graph, .low)
    #expect(low == fast)
    #expect(fewer < bytes)
  }

  @EngineActor
  @Test func `frozen layers among the others are no hindrance`() throws {
    let graph = try Self.graph(blocks: 6)
    let layers = Set(graph.parameters.map(\.layer)).filter { !$0.hasSuffix("conv2") && !$0.hasPrefix("block1") }
    let fast = try Self.train(graph, .fast, unfreezing: layers)
    #expect(try Self.train(graph, .low, unfreezing: layers).outcome == fast.outcome)
  }

  @Test func `parts end where one tensor goes on, and the last runs once`() throws {
    let graph = try Self.graph(blocks: 9)
    let segments = RecomputedSegments(of: graph, runningOnce: []).segments
    #expect(segments.count >= 2)
    // Side by side from the start, each node once.
    let names = segments.flatMap(\.self)
    #expect(names == graph.nodes.map(\.name).filter { $0 != "image" }.prefix(names.count).map(\.self))
    #expect(!names.contains("scores"))
    for segment in segments {
      let last = try #require(segment.last)
      #expect(last == "stem" || last.hasSuffix("_out"), "\(last)")
    }
  }

  @Test func `a network that cannot be cut is left as it is`() throws {
    var graph = try LayerGraph(input: [4, 6, 6], name: "image")
    try graph.add(Conv2D("conv", filters: 4, kernel: 1))
    try graph.add(Add("sum"), after: ["image", "conv"])
    #expect(RecomputedSegments(of: graph, runningOnce: []).segments.isEmpty)
  }
}
