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

  public struct Result: Hashable, Sendable, Codable {
    public let trainableParameters: Int
    public let frontier: [String]
    /// The whole network forward, as for predictions; nil where it was left out.
    public let forward: ProgramTiming?
    /// The frozen prefix, which a training runs once for each image; nil where nothing is frozen.
    public let prefix: ProgramTiming?
    /// Forward and backward through what follows the frontier, and the optimizer's step.
    public let training: ProgramTiming
    /// What the process was to hold at most.
    public let memory: MemoryPrediction
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

  /// - Parameters:
  ///   - includingForward: whether the whole network is run forward first.
  ///   - perStep: whether every step of the programs is measured too, which takes half as long again.
  public func run(includingForward: Bool = true, perStep: Bool = false) async throws -> Result {
    let base = try architecture.graph(inputSize: inputSize)
    let full = try base.attaching(Head(classes: 10))
    let head = Set(full.nodes.map(\.name).filter { base[$0] == nil })
    let plan = try FreezePlan(unfreeze, graph: full, head: head, batchNorm: batchNorm)
    let logits = try full.withoutFinalSoftmax()
    return try await EngineActor.run {
      var programs = BenchmarkPrograms(self, RunTimer(rounds: steps, profilesSteps: perStep))
      let forward = includingForward ? try programs.timeForward(logits, as: "forward").timing : nil
      let frontier = try plan.frontier(of: logits).map { try logits.node($0) }
      let isFrozen = !frontier.allSatisfy { $0.layer is InputLayer }
      let prefix = try isFrozen ? programs.timeForward(logits.cut(at: frontier.map(\.name)), as: "prefix") : nil
      let training = try programs.timeTraining(logits.suffix(after: frontier.map(\.name)), plan, prefix?.outputs)
      return Result(
        trainableParameters: plan.trainableParameters(of: full).reduce(0) { $0 + $1.shape.count },
        frontier: frontier.map(\.name), forward: forward, prefix: prefix?.timing, training: training,
        memory: programs.memory)
    }
  }
}
