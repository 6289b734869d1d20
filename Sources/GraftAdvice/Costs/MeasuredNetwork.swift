import GraftEngine
import GraftGraph
import GraftLearning
import GraftPlanning
import GraftTensors
import GraftTraining

/// What a network takes on this machine, measured in a few steps of its real programs.
struct MeasuredNetwork: Sendable {
  let times: LayerTimes
  /// For one photograph: reading and decoding.
  let decode: Double
  /// Compiling the network's programs.
  let start: Double

  /// - Parameters:
  ///   - times: of its layers.
  ///   - decode: for one photograph.
  init(times: LayerTimes, decode: Double, start: Double) {
    self.times = times
    self.decode = decode
    self.start = start
  }

  /// Runs the whole network forward, and trains all of it, on the few photographs that a pass has kept.
  ///
  /// - Parameters:
  ///   - features: the pass, which also tells what decoding takes.
  ///   - precision: what its layers multiply, frozen or not.
  @EngineActor
  init(of model: TrainedModel, _ features: StageFeatures, precision: Precision) throws {
    let graph = try model.logits
    let images = features.images
    let batch = images.shape[0]
    let watch = ContinuousClock()
    var compiling = Duration.zero
    func compiled<Program>(_ compile: () throws -> Program) rethrows -> Program {
      let start = watch.now
      defer { compiling += start.duration(to: watch.now) }
      return try compile()
    }
    let input = [graph.inputs[0].name: images]
    let inference = try {
      let program = try compiled {
        try InferenceProgram(
          graph, parameters: model.parameters, batch: min(batch, InferenceProgram.preferredBatch), precision: precision,
          isReloadable: false)
      }
      let rows = min(batch, program.batch)
      let part = input.mapValues { $0[rows: 0..<rows] }
      let runs = try (0..<Self.rounds).map { _ in try program.profile(part).steps }
      return ([StepTiming].medians(of: Array(runs.dropFirst())), rows)
    }()
    let plan = try FreezePlan(.all, graph: model.graph, head: model.head)
    let program = try compiled {
      try TrainingProgram(
        graph, parameters: model.parameters, plan: plan, batch: batch, precision: precision, seed: 0)
    }
    // A step too small to lead anywhere.
    var updater = ParameterUpdater(TrainingConfiguration(optimizer: .adamw, learningRate: 1e-6))
    var runs: [[StepTiming]] = []
    var optimizer: [Double] = []
    for _ in 0..<Self.rounds {
      try Task.checkCancellation()
      let forward = try program.profileForward(input)
      let gradient = Tensor(forward.output.floats.map { $0 * 1e-3 }, shape: forward.output.shape)
      runs.append(forward.steps + (try program.profileBackward(gradient)))
      let start = watch.now
      updater.step(program, learningRate: 1e-6)
      optimizer.append(start.duration(to: watch.now) / .seconds(1))
    }
    // The two batches differ; per image they are comparable.
    var times = LayerTimes(
      inference: inference.0, training: [], batch: inference.1)
    let trained = LayerTimes(
      inference: [], training: .medians(of: Array(runs.dropFirst())), batch: batch,
      optimizerSeconds: optimizer.dropFirst().min() ?? 0,
      trainableParameters: plan.trainableParameters(of: graph).reduce(0) { $0 + $1.shape.count })
    for (layer, seconds) in trained.layers {
      let forward = times.layers[layer]?.inference ?? 0
      times.layers[layer] = seconds
      times.layers[layer]?.inference = forward
    }
    times.updateSecondsPerParameter = trained.updateSecondsPerParameter
    self.init(times: times, decode: features.decodeSeconds, start: compiling / .seconds(1))
  }

  /// Of each program; the first does not count.
  private static let rounds = 3
}
