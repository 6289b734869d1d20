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

    func loss(_ parameters: Parameters, _ images: Tensor) throws -> Double {
      let program = try TrainingProgram(graph, parameters: parameters, plan: plan, batch: 2, seed: 0)
      return zip(try program.forward([input.name: images]).floats, weights.floats).reduce(0) {
        $0 + Double($1.0) * Double($1.1)
      }
    }
    let program = try TrainingProgram(
      graph, parameters: parameters, plan: plan, batch: 2, seed: 0, differentiatesInputs: true)
    _ = try program.forward([input.name: images])
    try program.backward(weights)
    let gradients = try program.gradients()

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
    let inputGradient = try program.inputGradient(input.name)
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
