import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import GraftTraining

/// Whether memory and disk hold a training, and which one comes nearest to it where they do not.
public struct TrainingFit: Sendable {
  /// Another training, and the words that ask for it.
  public struct Alternative: Sendable {
    public let trainer: Trainer
    /// Options of `graft finetune`, beside those that were given: `--memory low --batch 8 --accumulate 4`.
    public let options: String
    public let needed: Resources
  }

  public let needed: Resources
  public let limit: Resources
  /// Nil where the training itself fits, and where nothing does.
  public let nearest: Alternative?

  public var fits: Bool { Self.holds(limit, needed) }

  /// - Throws: `AdviceError.tooLarge`, which names what comes nearest.
  public func requireFit() throws(AdviceError) {
    guard !fits else { return }
    let lacksMemory = needed.memory > limit.memory
    throw .tooLarge(
      resource: lacksMemory ? "memory" : "disk", needed: lacksMemory ? needed.memory : needed.disk,
      limit: lacksMemory ? limit.memory : limit.disk, nearest: nearest?.options)
  }

  /// Compiles the training's programs, and those of others until one fits.
  ///
  /// - Throws: `EngineError`.
  @EngineActor
  public init(_ trainer: Trainer, within limit: Resources, demand: TrainingDemand = TrainingDemand()) throws {
    self.limit = limit
    needed = try demand(trainer).largest
    guard !Self.holds(limit, needed) else {
      nearest = nil
      return
    }
    let cached = try trainer.stages.map { try trainer.cachePlan(of: $0).memoryBytes }.max() ?? 0
    var found: Alternative?
    for (other, options) in CheaperTrainings(trainer, needed, cached: cached, limit: limit).all where found == nil {
      let needed = try demand(other).largest
      if Self.holds(limit, needed) { found = Alternative(trainer: other, options: options, needed: needed) }
    }
    nearest = found
  }

  /// Whether a training takes so little that no program has to be compiled to know that it fits: what every layer gives out, for
  /// a batch, several times over.
  ///
  /// - Parameter process: in bytes; what the process holds now where nobody says.
  public static func isSmall(
    _ trainer: Trainer, within limit: Resources, process: Int = ProcessMemory.current
  ) -> Bool {
    guard let graph = try? trainer.model.logits, let caches = try? trainer.stages.map({ try trainer.cachePlan(of: $0) })
    else { return false }
    let activations = graph.nodes.reduce(0.0) { $0 + 4 * Double($1.shape.count) }
    let numbers = 4 * Double(trainer.model.graph.parameterCount)
    let cached = Double(caches.map(\.memoryBytes).max() ?? 0)
    // And what programs take beside their numbers: generated code, code of libraries.
    let most =
      64e6 + Double(process) + cached + 6 * numbers + 6 * activations
      * Double(trainer.configuration.batch * (trainer.target == nil ? 1 : 2))
    return most < Double(limit.memory) && (caches.map(\.diskBytes).max() ?? 0) < limit.disk
  }

  private static func holds(_ limit: Resources, _ needed: Resources) -> Bool {
    needed.memory <= limit.memory && needed.disk <= limit.disk
  }
}
