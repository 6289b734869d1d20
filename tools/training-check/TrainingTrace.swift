import Graft

/// What some steps on one batch leave behind, by name.
struct TrainingTrace: Sendable {
  private(set) var tensors: [(name: String, tensor: Tensor)] = []

  /// - Parameters:
  ///   - graph: a network that ends with logits.
  ///   - images: `[N, C, H, W]`; every step takes all of them.
  @EngineActor
  init(
    _ graph: LayerGraph, _ parameters: Parameters, _ plan: FreezePlan, images: Tensor, labels: [Int], steps: Int,
    learningRate: Float, optimizer: SGD
  ) throws {
    let inputs = [graph.inputs[0].name: images]
    add("logits/evaluation", try InferenceProgram(graph, parameters: parameters, batch: labels.count).run(images))
    let program = try TrainingProgram(graph, parameters: parameters, plan: plan, batch: labels.count, seed: 0)
    var states: [String: [[Float]]] = [:]
    var losses: [Float] = []
    for step in 0..<steps {
      let logits = try program.forward(inputs)
      let evaluation = SoftmaxCrossEntropy().evaluate(outputs: logits, targets: .classes(labels))
      losses.append(evaluation.mean ?? .nan)
      try program.backward(evaluation.gradient)
      if step == 0 {
        add("logits/training", logits)
        for (name, gradient) in try program.gradients().tensors.sorted(by: { $0.key < $1.key }) {
          add("gradient/\(name)", gradient)
        }
      }
      program.updateParameters { specification, parameter, gradient in
        var state = states.removeValue(forKey: specification.name) ?? optimizer.initialState(count: parameter.count)
        optimizer.update(
          &parameter, gradient: gradient, state: &state, step: step + 1, learningRate: learningRate, weightDecay: 0)
        states[specification.name] = state
      }
    }
    add("loss", Tensor(losses, shape: [losses.count]))
    var end = parameters
    end.merge(try program.trainedParameters())
    for parameter in graph.parameters {
      if let tensor = end[parameter.name] { add("parameter/\(parameter.name)", tensor) }
    }
  }

  private mutating func add(_ name: String, _ tensor: Tensor) {
    tensors.append((name, tensor.converted(to: .float32).contiguous()))
  }
}
