import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// Every layer of feature maps among layers that compute in bfloat16, against the same in float32.
@Suite(.enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"))
struct BFloat16Tests {
  /// The layer between convolutions that change nothing, so that it reads and writes bfloat16 where it can.
  private static func surrounded(_ golden: GoldenCase) throws -> (LayerGraph, Parameters)? {
    let own = try golden.graph()
    guard own.inputs.allSatisfy({ $0.shape.rank == 3 }), let layer = own.output else { return nil }
    var graph = LayerGraph()
    var parameters = golden.parameters
    func identity(_ name: String, channels: Int) -> Conv2D {
      parameters["\(name)/kernel"] = Tensor(
        (0..<channels * channels).map { $0 / channels == $0 % channels ? 1 : 0 }, shape: [channels, channels, 1, 1])
      return Conv2D(name, filters: channels, kernel: 1, usesBias: false)
    }
    var feeds: [String: String] = [:]
    for input in own.inputs {
      try graph.add(InputLayer(input.name, shape: input.shape))
      feeds[input.name] = try graph.add(identity("before \(input.name)", channels: input.shape[0]))
    }
    for node in own.nodes where !(node.layer is InputLayer) {
      try graph.add(node.layer, after: node.inputs.map { feeds[$0] ?? $0 }, as: node.name)
    }
    if layer.shape.rank == 3 { try graph.add(identity("after", channels: layer.shape[0])) }
    return (graph, parameters)
  }

  /// Numbers that bfloat16 has, so that no decision of the layer's hangs on their rounding.
  private static func rounded(_ tensor: Tensor) -> Tensor {
    tensor.converted(to: .bfloat16).converted(to: .float32)
  }

  @EngineActor
  @Test(arguments: GoldenTests.families)
  func `inference in bfloat16 gives about what it gives in float32`(family: String) async throws {
    for golden in try GoldenCase.all(family) {
      guard let (graph, parameters) = try Self.surrounded(golden) else { continue }
      let inputs = Dictionary(uniqueKeysWithValues: zip(graph.inputs.map(\.name), golden.inputs.map(Self.rounded)))
      let count = try #require(golden.inputs.first).shape[0]
      let results = try Precision.allCases.map {
        try InferenceProgram(graph, parameters: parameters, batch: count, precision: $0).run(inputs)
      }
      let name = graph.outputs[0]
      expectClose(
        try #require(results[1][name]), try #require(results[0][name]), within: Self.tolerance, "\(golden)")
    }
  }

  @EngineActor
  @Test(arguments: GoldenTests.families)
  func `training in bfloat16 gives about the gradients of float32`(family: String) async throws {
    for golden in try GoldenCase.all(family) {
      guard let (graph, parameters) = try Self.surrounded(golden), let output = graph.output else { continue }
      let inputs = Dictionary(uniqueKeysWithValues: zip(graph.inputs.map(\.name), golden.inputs.map(Self.rounded)))
      let count = try #require(golden.inputs.first).shape[0]
      var generator = SeededGenerator(seed: 5)
      let shape = output.shape.batched(count)
      let gradient = Self.rounded(
        Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape))
      let plan = FreezePlan(
        trainableLayers: golden.plan.trainableLayers.union(graph.nodes.filter { $0.layer is Conv2D }.map(\.layer.name)),
        batchNormModes: golden.plan.batchNormModes)
      let gradients = try Precision.allCases.map { precision in
        let program = try TrainingProgram(
          graph, parameters: parameters, plan: plan, batch: count, precision: precision, seed: 0)
        _ = try program.forward(inputs)
        try program.backward(gradient)
        return try program.gradients()
      }
      #expect(!gradients[0].tensors.isEmpty)
      func largest(_ tensor: Tensor) -> Float { tensor.floats.map(abs).max() ?? 0 }
      let scale = gradients[0].tensors.values.map(largest).max() ?? 0
      for (name, expected) in gradients[0].tensors {
        let found = try #require(gradients[1][name])
        // What is small because large numbers cancel is not more exact than they are.
        let share = max(1, 0.1 * scale / max(largest(expected), .leastNormalMagnitude))
        expectClose(found, expected, within: 4 * Self.tolerance * share, "\(golden) \(name)")
      }
    }
  }

  /// bfloat16 is 8 bits exact; a few roundings follow each other.
  private static let tolerance: Float = 0.015
}
