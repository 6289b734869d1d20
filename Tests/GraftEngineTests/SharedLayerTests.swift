import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// Nodes with one layer between them: one set of parameters, whose gradient is the sum of theirs.
@Suite struct SharedLayerTests {
  @Test func `a convolution's and a dense layer's gradients are the sums of all nodes'`() async throws {
    var graph = try LayerGraph(input: [16, 8, 7], name: "image")
    let convolution = Conv2D("conv", filters: 16, kernel: 3, padding: .same, activation: .tanh)
    let first = try graph.add(convolution, as: "first")
    let halved = try graph.add(AveragePooling2D("halved", size: 2))
    let second = try graph.add(convolution, after: [halved], as: "second")
    let third = try graph.add(convolution, as: "third")
    let dense = Dense("dense", units: 3)
    var scores: [String] = []
    for (index, map) in [first, second, third].enumerated() {
      // Sums, because the differences of means drown in rounding.
      let sum = try graph.add(
        Reduction("sum\(index)", .sum, axes: [1, 2], keepsDimensions: false), after: [map])
      scores.append(try graph.add(dense, after: [sum], as: "scores\(index)"))
    }
    try graph.add(Concatenate("scores"), after: scores)
    #expect(graph.parameters.map(\.name) == ["conv/kernel", "conv/bias", "dense/kernel", "dense/bias"])
    try await checkGradients(of: graph)
  }

  @Test func `depthwise and grouped kernels are shared too, and slopes`() async throws {
    var graph = try LayerGraph(input: [16, 6, 5], name: "image")
    let depthwise = DepthwiseConv2D("depthwise", kernel: 3, padding: .same)
    let grouped = Conv2D("grouped", filters: 16, kernel: 3, padding: .same, groups: 4)
    let slopes = PReLU("slopes", sharedAxes: [.height, .width])
    for round in 1...2 {
      try graph.add(depthwise, as: "depthwise\(round)")
      try graph.add(grouped, as: "grouped\(round)")
    }
    // Far from the kink, on either side of it.
    try graph.add(Activation("squashed", .tanh))
    let above = try graph.add(Rescaling("above", scale: 1, offset: 3))
    let below = try graph.add(Rescaling("below", scale: 1, offset: -3), after: ["squashed"])
    try graph.add(slopes, after: [above], as: "slopes1")
    try graph.add(slopes, after: [below], as: "slopes2")
    try graph.add(Subtract("difference"), after: ["slopes1", "slopes2"])
    try graph.add(slopes, after: [below], as: "slopes3")
    try graph.add(Multiply("product"), after: ["difference", "slopes3"])
    try await checkGradients(of: graph)
  }

  @Test(arguments: [BatchNormMode.frozen, .batchStatistics])
  func `a batch normalisation's scale and shift are shared`(mode: BatchNormMode) async throws {
    var graph = try LayerGraph(input: [2, 6, 5], name: "image")
    let normalization = BatchNormalization("bn")
    try graph.add(Conv2D("conv", filters: 17, kernel: 3, padding: .same, usesBias: false))
    try graph.add(normalization, as: "first")
    try graph.add(Activation("tanh", .tanh))
    try graph.add(normalization, as: "second")
    try graph.add(Flatten("flatten", order: .channelsLast))
    try graph.add(Dense("dense", units: 3))
    try await checkGradients(of: graph, batchNormModes: ["bn": mode])
  }

  /// With strides oneDNN wants the kernel in another layout, here at least, and a frozen one has a copy.
  @EngineActor
  @Test func `numbers that are replaced reach every node of the layer`() async throws {
    var graph = try LayerGraph(input: [64, 16, 16], name: "image")
    try graph.add(Conv2D("conv", filters: 64, kernel: 1), as: "dense")
    try graph.add(Conv2D("conv", filters: 64, kernel: 1, strides: 2), as: "sparse")
    let (old, new) = (
      Parameters.initialized(graph.parameters, seed: 1), Parameters.initialized(graph.parameters, seed: 2)
    )
    let image = Tensor((0..<64 * 16 * 16).map { Float($0 % 17) - 8 }, shape: [1, 64, 16, 16])
    let program = try InferenceProgram(graph, parameters: old, batch: 1)
    let before = try program.run(image).floats
    try program.load(new)
    let fresh = try InferenceProgram(graph, parameters: new, batch: 1).run(image).floats
    #expect(try program.run(image).floats == fresh)
    #expect(fresh != before)
  }
}
