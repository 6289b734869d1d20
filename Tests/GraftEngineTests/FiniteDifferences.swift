import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// Compares a sample of every tensor's gradient with (f(x + h) − f(x − h)) / 2h; the network must be smooth, or a step
/// may cross a kink.
@EngineActor
func checkGradients(of graph: LayerGraph, batchNormModes: [String: BatchNormMode] = [:]) throws {
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
  for specification in graph.parameters where specification.isTrainable {
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

extension Tensor {
  fileprivate func adding(_ step: Float, at index: Int) -> Tensor {
    var numbers = floats
    numbers[index] += step
    return Tensor(numbers, shape: shape)
  }
}
