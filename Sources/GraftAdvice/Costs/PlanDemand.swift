import Foundation
import GraftEngine
import GraftGraph
import GraftLearning
import GraftPlanning
import GraftTensors
import GraftTraining

/// What plans are allowed to take, and what a plan takes.
public struct AdviceLimits: Hashable, Sendable {
  /// Seconds for the whole training; nil for as long as it takes.
  public var seconds: Double?
  /// Bytes.
  public var resources: Resources

  /// - Parameters:
  ///   - seconds: for the whole training.
  ///   - memory: in bytes; what the machine has free where nil.
  ///   - disk: in bytes, for activations; as much as they take where nil.
  public init(seconds: Double? = nil, memory: Int? = nil, disk: Int? = nil) {
    self.seconds = seconds
    resources = Resources(memory: memory ?? Self.freeMemory, disk: disk ?? .max)
  }

  /// What the system can give, with what it would take back from its caches; everything where it does not tell.
  static var freeMemory: Int {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return .max }
    return kilobytes << 10
  }

  /// Reads `90s`, `20min`, `1.5h`; a number alone is seconds.
  ///
  /// - Throws: `AdviceError.invalidBudget`.
  public static func seconds(parsing text: String) throws(AdviceError) -> Double {
    let units: [(name: String, seconds: Double)] = [
      ("minutes", 60), ("minute", 60), ("hours", 3600), ("hour", 3600), ("min", 60), ("m", 60), ("h", 3600), ("s", 1),
      ("", 1),
    ]
    let text = text.trimmingCharacters(in: .whitespaces)
    for unit in units where text.hasSuffix(unit.name) {
      let number = text.dropLast(unit.name.count).trimmingCharacters(in: .whitespaces)
      guard let value = Double(number), value > 0, value.isFinite else { throw .invalidBudget(text) }
      return value * unit.seconds
    }
    throw .invalidBudget(text)
  }
}

/// What a plan's largest stage holds at once.
@EngineActor
struct PlanDemand {
  let model: TrainedModel
  let batch: Int
  let optimizer: TrainingConfiguration

  /// Compiles each stage's programs, which touches none of the memory that they would use.
  ///
  /// - Parameter caches: of the stages, in their order.
  func callAsFunction(_ stages: [ResolvedStage], caches: [CachePlan]) throws -> Resources {
    let graph = try model.logits
    var needed = Resources(memory: 0)
    for (stage, cache) in zip(stages, caches) {
      let frontier = stage.freezePlan.frontier(of: graph)
      let suffix = try graph.suffix(after: frontier)
      let program = try TrainingProgram(
        suffix, parameters: model.parameters, plan: stage.freezePlan, batch: batch, seed: 0)
      let inputs = suffix.inputs.reduce(0) { $0 + $1.shape.count * 4 * batch }
      let held = MemoryPrediction.Program(
        "training", process: ProcessMemory.current, given: [], held: program.footprint, stepCount: program.stepCount,
        optimizer: optimizer.optimizer.optimizer, batches: inputs)
      needed.memory = max(needed.memory, held.peak + cache.memoryBytes)
      needed.disk = max(needed.disk, cache.diskBytes)
    }
    return needed
  }
}
