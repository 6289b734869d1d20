import GraftArchitectures
import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import GraftTraining

/// How fast a network of random numbers runs and trains on this machine, on random images in memory: global average
/// pooling and a dense layer of ten classes on top.
public struct StepBenchmark: Sendable {
  public let architecture: Architecture
  public let inputSize: Size2D
  public let batch: Int
  public let unfreeze: LayerSelector
  public let batchNorm: BatchNormPolicy
  public let precision: Precision
  /// Steps that count; one more runs before them.
  public let steps: Int

  /// Medians over the steps, in seconds for a whole batch.
  public struct Result: Hashable, Sendable, Codable {
    public let trainableParameters: Int
    public let frontier: [String]
    /// The whole network forward, as for predictions.
    public let forward: Double
    /// The frozen prefix, which a training runs once for each image; nil where nothing is frozen.
    public let prefix: Double?
    /// Forward and backward through what follows the frontier, and the optimizer's step.
    public let trainingStep: Double
  }

  public init(
    _ architecture: Architecture, inputSize: Size2D? = nil, batch: Int = 8, unfreeze: LayerSelector = .all,
    batchNorm: BatchNormPolicy = .train, precision: Precision = .float32,
    steps: Int = 5
  ) {
    precondition(batch > 0 && steps > 0)
    self.architecture = architecture
    self.inputSize = inputSize ?? Size2D(architecture.defaultInputSize)
    self.batch = batch
    self.unfreeze = unfreeze
    self.batchNorm = batchNorm
    self.precision = precision
    self.steps = steps
  }

  public func run(includingForward: Bool = true) async throws -> Result {
    let base = try architecture.graph(inputSize: inputSize)
    let full = try base.attaching(ClassifierHead(classes: 10))
    let head = Set(full.nodes.map(\.name).filter { base[$0] == nil })
    let plan = try FreezePlan(unfreeze, graph: full, head: head, batchNorm: batchNorm)
    let logits = try full.withoutFinalSoftmax()
    let parameters = Parameters.initialized(logits.parameters, seed: 1)
    return try await EngineActor.run {
      let images = randomImages()
      let forward =
        includingForward
        ? try time(
          InferenceProgram(logits, parameters: parameters, batch: inferenceBatch, precision: precision), images) : 0
      let frontier = try plan.frontier(of: logits).map { try logits.node($0) }
      let isFrozen = !frontier.allSatisfy { $0.layer is InputLayer }
      let (prefix, inputs) = try isFrozen ? timePrefix(logits, frontier, parameters, images) : (nil, [:])
      let suffix = try logits.suffix(after: frontier.map(\.name))
      let step = try timeTraining(
        suffix, plan, parameters, isFrozen ? inputs : [frontier[0].name: images])
      return Result(
        trainableParameters: plan.trainableParameters(of: full).reduce(0) { $0 + $1.shape.count },
        frontier: frontier.map(\.name), forward: forward, prefix: prefix, trainingStep: step)
    }
  }

  /// As trainings and predictions compile what does not train.
  private var inferenceBatch: Int { min(batch, InferenceProgram.preferredBatch) }

  private func randomImages() -> Tensor {
    var generator = SeededGenerator(seed: 1)
    let shape: Shape = [batch, inputSize.height, inputSize.width, 3]
    return Tensor((0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 }, shape: shape).permuted([0, 3, 1, 2])
  }

  @EngineActor
  private func time(_ program: InferenceProgram, _ images: Tensor) throws -> Double {
    guard let input = program.graph.inputs.first else { return 0 }
    return try median { _ = try program.runAll([input.name: images]) }
  }

  @EngineActor
  private func timePrefix(
    _ graph: LayerGraph, _ frontier: [LayerGraph.Node], _ parameters: Parameters, _ images: Tensor
  ) throws -> (Double, [String: Tensor]) {
    let program = try InferenceProgram(
      graph.cut(at: frontier.map(\.name)), parameters: parameters, batch: inferenceBatch, precision: precision)
    guard let input = program.graph.inputs.first else { return (0, [:]) }
    var results: [String: Tensor] = [:]
    let seconds = try median { results = try program.runAll([input.name: images]) }
    return (seconds, results)
  }

  @EngineActor
  private func timeTraining(
    _ suffix: LayerGraph, _ plan: FreezePlan, _ parameters: Parameters, _ inputs: [String: Tensor]
  ) throws -> Double {
    let program = try TrainingProgram(
      suffix, parameters: parameters, plan: plan, batch: batch, precision: precision, seed: 1)
    var updater = ParameterUpdater(TrainingConfiguration(learningRate: 1e-4))
    let labels = (0..<batch).map { $0 % 10 }
    return try median {
      let logits = try program.forward(inputs)
      try program.backward(SoftmaxCrossEntropy().evaluate(logits: logits, labels: labels).gradient)
      updater.step(program)
    }
  }

  @EngineActor
  private func median(_ body: () throws -> Void) throws -> Double {
    try body()
    var seconds: [Double] = []
    for _ in 0..<steps {
      let start = ContinuousClock.now
      try body()
      seconds.append(start.duration(to: .now) / .seconds(1))
    }
    return seconds.sorted()[steps / 2]
  }
}
