import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// Every layer against Keras's and PyTorch's numbers; how they were made stands in Fixtures/README.md.
@Suite struct GoldenTests {
  static let families = [
    "Conv2D", "Dense", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D",
    "Concatenate", "Activation", "Flatten", "ZeroPadding2D", "BatchNormalization",
    "PReLU", "DepthwiseConv2D", "SeparableConv2D", "Arithmetic", "Cropping2D", "StridedSlice2D", "ChannelPadding",
    "Reshape", "Permute", "UpSampling2D", "LocalResponseNormalization", "Rescaling", "Normalization",
    "Slice", "Pad", "Reduction", "Resize", "UnitNormalization", "UnitDense",
  ]

  @Test(arguments: families)
  func `inference gives the reference's output`(family: String) async throws {
    for golden in try GoldenCase.all(family) {
      let graph = try golden.graph()
      let inputs = Dictionary(uniqueKeysWithValues: zip(graph.inputs.map(\.name), golden.inputs))
      let expected = try golden.tensor(golden.has("inferenceOutput") ? "inferenceOutput" : "output")
      let output = try await Self.infer(graph, golden.parameters, inputs)
      expectClose(output, expected, within: 1e-5, "\(golden)")
    }
  }

  @Test(arguments: families)
  func `training gives the reference's output and gradients`(family: String) async throws {
    for golden in try GoldenCase.all(family) {
      let graph = try golden.graph()
      let inputs = Dictionary(uniqueKeysWithValues: zip(graph.inputs.map(\.name), golden.inputs))
      let result = try await Self.train(graph, golden, inputs)
      expectClose(result.output, try golden.tensor("output"), within: 1e-5, "\(golden) output")
      #expect(result.inputGradients.count == golden.inputGradients.count)
      for (found, expected) in zip(result.inputGradients, golden.inputGradients) {
        expectClose(found, expected, within: 1e-4, "\(golden) input gradient")
      }
      for specification in graph.parameters {
        let (role, name) = (specification.role, specification.name)
        if !specification.isStatistic {
          let found = try #require(result.gradients[name])
          expectClose(found, try golden.tensor("\(role)Gradient"), within: 1e-4, "\(golden) \(role) gradient")
        } else if golden.has("\(role)After") {
          let found = try #require(result.parameters[name])
          expectClose(found, try golden.tensor("\(role)After"), within: 1e-5, "\(golden) \(role)")
        } else {
          #expect(result.parameters[name] == nil, "\(golden) \(role) holds still")
        }
      }
    }
  }

  @EngineActor
  private static func infer(
    _ graph: LayerGraph, _ parameters: Parameters, _ inputs: [String: Tensor]
  ) throws -> Tensor {
    let count = inputs.values.map { $0.shape[0] }.max() ?? 1
    // One image more than there are: the padded row must not matter.
    let program = try InferenceProgram(graph, parameters: parameters, batch: count + 1)
    let outputs = try program.run(inputs)
    return try #require(outputs["layer"])
  }

  struct Trained {
    var output: Tensor
    var gradients: Parameters
    var parameters: Parameters
    var inputGradients: [Tensor]
  }

  @EngineActor
  private static func train(
    _ graph: LayerGraph, _ golden: GoldenCase, _ inputs: [String: Tensor]
  ) throws -> Trained {
    let outputGradient = try golden.tensor("outputGradient")
    let program = try TrainingProgram(
      graph, parameters: golden.parameters, plan: golden.plan, batch: outputGradient.shape[0], seed: 0,
      differentiatesInputs: true)
    let output = try program.forward(inputs)
    try program.backward(outputGradient)
    return try Trained(
      output: output, gradients: program.gradients(), parameters: program.trainedParameters(),
      inputGradients: graph.inputs.compactMap { try program.inputGradient($0.name) })
  }
}

/// Fails where two tensors differ by more than `tolerance` of the largest expected magnitude.
func expectClose(
  _ found: Tensor, _ expected: Tensor, within tolerance: Float, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.shape == expected.shape else {
    Issue.record("\(what): \(found.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  let scale = expected.floats.map(abs).max() ?? 0
  let limit = tolerance * max(scale, .leastNormalMagnitude)
  // As a comparison of each, so that what is no number fails.
  let isClose = zip(found.floats, expected.floats).allSatisfy { abs($0 - $1) <= limit }
  let difference = zip(found.floats, expected.floats).map { abs($0 - $1) }.max() ?? 0
  #expect(isClose, "\(what): \(difference) of \(scale)", sourceLocation: sourceLocation)
}
