import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// Gradients against (f(x + h) − f(x − h)) / 2h, for graphs whose wiring the single-layer numbers cannot test.
@Suite struct FiniteDifferenceTests {
  @Test func `a fire module's gradients match, though one tensor feeds two branches`() async throws {
    var graph = try LayerGraph(input: [3, 7, 7], name: "image")
    let squeezed = try graph.add(Conv2D("squeeze", filters: 4, kernel: 1))
    let narrow = try graph.add(Conv2D("narrow", filters: 5, kernel: 1), after: [squeezed])
    let wide = try graph.add(Conv2D("wide", filters: 7, kernel: 3, padding: .same), after: [squeezed])
    try graph.add(Concatenate("concat"), after: [narrow, wide])
    try graph.add(AveragePooling2D("pool", size: 3, strides: 2))
    try graph.add(GlobalAveragePooling2D("average"))
    try graph.add(Dense("dense", units: 3))
    try await Self.check(graph)
  }

  @Test func `a flattened network's gradients match`() async throws {
    var graph = try LayerGraph(input: [2, 6, 5], name: "image")
    try graph.add(ZeroPadding2D("padding", top: 1, bottom: 0, left: 2, right: 1))
    try graph.add(Conv2D("first", filters: 17, kernel: 3, strides: 2, padding: .same))
    try graph.add(Conv2D("grouped", filters: 34, kernel: 3, padding: .same, groups: 17))
    try graph.add(Flatten("flatten", order: .channelsLast))
    try graph.add(Dense("dense", units: 4, activation: .softmax))
    try await Self.check(graph)
  }

  @Test(arguments: [BatchNormMode.frozen, .batchStatistics])
  func `gradients match through a batch normalisation between convolutions`(mode: BatchNormMode) async throws {
    var graph = try LayerGraph(input: [2, 6, 5], name: "image")
    try graph.add(Conv2D("first", filters: 17, kernel: 3, padding: .same, usesBias: false))
    try graph.add(BatchNormalization("bn"))
    try graph.add(Conv2D("second", filters: 3, kernel: 3, padding: .same, usesBias: false))
    try graph.add(BatchNormalization("bn_2", usesScale: false))
    try graph.add(Flatten("flatten", order: .channelsLast))
    try graph.add(Dense("dense", units: 3))
    try await Self.check(graph, batchNormModes: ["bn": mode])
  }

  @Test func `a residual block's gradients match, with a projection and with a shortcut without weights`() async throws
  {
    var graph = try LayerGraph(input: [3, 6, 5], name: "image")
    let stem = try graph.add(Conv2D("stem", filters: 4, kernel: 3, padding: .same))
    try graph.add(Conv2D("narrow", filters: 4, kernel: 3, padding: .same, usesBias: false))
    let body = try graph.add(BatchNormalization("bn", momentum: 0.9))
    try graph.add(Add("sum"), after: [stem, body])
    let residual = try graph.add(Activation("swish", .swish))
    let left = try graph.add(Conv2D("halved", filters: 7, kernel: 3, strides: 2, padding: .same))
    try graph.add(StridedSlice2D("slice", strides: 2), after: [residual])
    let right = try graph.add(ChannelPadding("wider", before: 1, after: 2))
    try graph.add(Add("second_sum"), after: [left, right])
    try graph.add(Flatten("flatten", order: .channelsFirst))
    try graph.add(Dense("dense", units: 3, activation: .tanh))
    try await Self.check(graph, batchNormModes: ["bn": .batchStatistics])
  }

  @Test func `a separable block's gradients match, with squeeze and excite`() async throws {
    var graph = try LayerGraph(input: [3, 6, 5], name: "image")
    try graph.add(SeparableConv2D("separable", filters: 5, kernel: 3, padding: .same, multiplier: 2))
    try graph.add(BatchNormalization("bn"))
    let map = try graph.add(
      DepthwiseConv2D("depthwise", kernel: 3, padding: .same, multiplier: 2, activation: .softplus))
    try graph.add(GlobalAveragePooling2D("squeeze"))
    let excitation = try graph.add(Dense("excite", units: 10, activation: .sigmoid))
    try graph.add(Multiply("scaled"), after: [map, excitation])
    try graph.add(AveragePooling2D("pool", size: 3, strides: 2, rounding: .up, countsPadding: true))
    try graph.add(UpSampling2D("larger", interpolation: .bilinear))
    try graph.add(Cropping2D("cropped", top: 1, bottom: 0, left: 2, right: 1))
    try graph.add(LocalResponseNormalization("lrn", size: 3, alpha: 0.5))
    try graph.add(Permute("permuted", axes: [2, 0, 1]))
    try graph.add(ZeroPadding2D("padded", top: 1, bottom: 0, left: 0, right: 1))
    try graph.add(Conv2D("mixing", filters: 2, kernel: 3))
    try await Self.check(graph)
  }

  @Test func `an input that feeds one layer twice gets both gradients`() async throws {
    var graph = try LayerGraph(input: [3, 4, 4], name: "image")
    let map = try graph.add(Conv2D("conv", filters: 4, kernel: 3))
    let square = try graph.add(Multiply("square"), after: [map, map])
    let sum = try graph.add(Add("sum"), after: [square, map, map])
    try graph.add(Subtract("difference"), after: [square, sum])
    try graph.add(Average("mean"), after: ["difference", square])
    try graph.add(Reshape("flat", shape: [16], order: .channelsLast))
    try graph.add(Dense("dense", units: 2, activation: .softsign))
    try await Self.check(graph)
  }

  /// Compares a sample of every tensor's gradient; the network must be smooth, or a step may cross a kink.
  @EngineActor
  private static func check(_ graph: LayerGraph, batchNormModes: [String: BatchNormMode] = [:]) throws {
    var generator = SeededGenerator(seed: 11)
    func random(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape)
    }
    var parameters = Parameters()
    for specification in graph.parameters {
      // Small enough that no softmax saturates.
      let scale = 1 / Float(specification.shape.count / specification.shape[0]).squareRoot()
      let center: Float = [.gamma, .movingVariance].contains(specification.role) ? 2 : 0
      let numbers = random(specification.shape).floats.map { center + $0 * scale }
      parameters[specification.name] = Tensor(numbers, shape: specification.shape)
    }
    let input = try #require(graph.inputs.first)
    let images = random(input.shape.batched(2))
    let output = try #require(graph.output)
    let weights = random(output.shape.batched(2))
    let plan = FreezePlan(
      trainableLayers: Set(graph.parameters.map(\.layer)), batchNormModes: batchNormModes)

    let program = try TrainingProgram(
      graph, parameters: parameters, plan: plan, batch: 2, seed: 0, differentiatesInputs: true)
    func loss(_ parameters: Parameters, _ images: Tensor) throws -> Double {
      try program.load(parameters)
      return zip(try program.forward([input.name: images]).floats, weights.floats).reduce(0) {
        $0 + Double($1.0) * Double($1.1)
      }
    }
    _ = try program.forward([input.name: images])
    try program.backward(weights)
    let gradients = try program.gradients()
    let inputGradient = try program.inputGradient(input.name)

    let step: Float = 1e-2
    func compare(_ name: String, _ analytic: Tensor, _ numeric: (Int, Float) throws -> Double) throws {
      let scale = analytic.floats.map { Double(abs($0)) }.max() ?? 0
      #expect(scale > 0, "\(name) has a gradient")
      for index in stride(from: 0, to: analytic.shape.count, by: max(1, analytic.shape.count / 12)) {
        let slope = try (numeric(index, step) - numeric(index, -step)) / Double(2 * step)
        #expect(abs(slope - Double(analytic.floats[index])) < 2e-3 * scale, "\(name)[\(index)]")
      }
    }
    for specification in graph.parameters where !specification.isStatistic {
      try compare(specification.name, try #require(gradients[specification.name])) { index, step in
        var changed = parameters
        changed[specification.name] = parameters[specification.name]?.adding(step, at: index)
        return try loss(changed, images)
      }
    }
    try compare("input", try #require(inputGradient)) { index, step in
      try loss(parameters, images.adding(step, at: index))
    }
  }
}

extension Tensor {
  fileprivate func adding(_ step: Float, at index: Int) -> Tensor {
    var numbers = floats
    numbers[index] += step
    return Tensor(numbers, shape: shape)
  }
}
