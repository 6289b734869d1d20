import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTraining

/// Finds out what to train of a network on photographs.
///
/// One pass of the frozen network takes features at the end of each of its stages; a linear head on each, cross-validated, tells
/// what they are worth; a few steps of the real programs tell what training takes. From these follows a plan.
public struct Advisor: Sendable {
  /// What happens, for who waits.
  public enum Event: Sendable {
    case progress(WorkProgress)
    /// Features of a source are probed.
    case probing(source: String)
    case measuring
  }

  public let model: TrainedModel
  public let data: ImageDatasets
  public var limits = AdviceLimits()
  /// What the training will be given beside the plan: caches, batch.
  public var configuration: TrainingConfiguration
  /// Of the frozen part; nil for the one that a trial finds to suit the network, as a training would.
  public var precision: Precision?
  /// Of how many photographs features are taken at most.
  public var photographs = StageFeatures.defaultLimit

  /// - Parameters:
  ///   - model: the network with a head for the data's classes; what the head's numbers are does not matter.
  ///   - data: those to train on are looked at, and no others.
  /// - Throws: `AdviceError.notOneClassification`.
  public init(
    _ model: TrainedModel, data: ImageDatasets, configuration: TrainingConfiguration = TrainingConfiguration()
  ) throws(AdviceError) {
    guard data.tasks.count == 1, case .classification? = data.tasks.first else {
      throw .notOneClassification(heads: data.tasks.count)
    }
    self.model = model
    self.data = data
    self.configuration = configuration
  }

  /// - Parameters:
  ///   - budget: seconds for the whole training; nil for what `limits` say.
  ///   - report: called from several threads.
  /// - Throws: `AdviceError.oneClass`; `DatasetError.noReadableImage`; `EngineError`; `CancellationError`.
  public func advise(
    budget: Double? = nil, report: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Advice {
    let start = ContinuousClock.now
    // Before the measurements, whose memory goes again; the code that they need does not.
    let alone = ProcessMemory.current - ProcessMemory.mapped
    let features = try await EngineActor.run {
      try await StageFeatures(of: model, samples: data.training, limit: photographs) { report(.progress($0)) }
    }
    let shift = try await EngineActor.run { try await NormalizationShift(of: model, samples: features.samples) }
    let probes = try features.probes(classes: data.classes.count, seed: configuration.seed) {
      report(.probing(source: features.sources[$0].name))
    }
    report(.measuring)
    var configuration = configuration
    configuration.precision = try await usedPrecision()
    let chosen = configuration.precision
    let measured = try await EngineActor.run { try MeasuredNetwork(of: model, features, precision: chosen) }
    let process = alone + ProcessMemory.mapped
    let facts = AdviceFacts(
      probes: probes, shift: shift, classes: data.classes,
      counts: ClassBalance(data.training, tasks: data.tasks)?.counts ?? [])
    let solverSeconds =
      probes.last.map { $0.seconds * Double(data.training.count) / Double(max(features.samples.count, 1)) } ?? 0
    let maker = CandidateMaker(
      model: model, data: data, facts: facts,
      times: TrainingTimes(measured: measured, solverSeconds: solverSeconds), configuration: configuration)
    var limits = limits
    if let budget { limits.seconds = budget }
    return try await choose(maker, features, limits, TrainingDemand(process: process), since: start)
  }

  private func usedPrecision() async throws -> Precision {
    if let precision { return precision }
    return try await PrecisionTrial(model).choose(on: data.training, cache: configuration.frontierCache).precision
  }

  @EngineActor
  private func choose(
    _ maker: CandidateMaker, _ features: StageFeatures, _ limits: AdviceLimits, _ demand: TrainingDemand,
    since start: ContinuousClock.Instant
  ) throws -> Advice {
    let candidates = try maker.candidates()
    let recommendation = Recommendation(maker.facts, depths: candidates.map(\.depth), stages: maker.stageCount)
    var refused: [Advice.Refusal] = []
    var timely: [AdaptationCandidate] = []
    for depth in maker.alternatives(to: recommendation.depth, among: candidates) {
      if let candidate = try maker.fitting(depth, seconds: limits.seconds) {
        timely.append(candidate)
      } else if let seconds = limits.seconds, let full = candidates.first(where: { $0.depth == depth }) {
        refused.append(.init(depth: depth, reason: AdviceWords.tooLong(full, seconds)))
      }
    }
    var memory: [AdaptationDepth: Int] = [:]
    let fit = try nearestFitting(timely, limit: limits.resources) { candidate in
      let needed = try demand(maker.trainer(of: candidate.plan)).largest
      memory[candidate.depth] = needed.memory
      return needed
    }
    refused += fit.refused.map { .init(depth: $0.plan.depth, reason: AdviceWords.tooLarge($0.shortage)) }
    // The head alone is the cheapest there is: where it does not fit either, it is still what comes nearest.
    var chosen = try fit.chosen ?? maker.candidate(.head)
    chosen.memory = memory[chosen.depth]
    var plan = chosen.plan
    plan.reasons = AdviceWords.reasons(maker.facts, recommendation, chosen, refused, stages: maker.stageCount)
    return Advice(
      facts: maker.facts, probed: features.samples.count, available: features.available,
      skipped: features.skipped.map { .init(path: $0.sample.path, reason: "\($0.reason)") }, candidates: candidates,
      recommended: chosen.with(plan), isClear: recommendation.isClear, refused: refused,
      exceedsLimits: fit.chosen == nil, seconds: start.duration(to: .now) / .seconds(1))
  }
}

extension AdaptationCandidate {
  fileprivate func with(_ plan: AdaptationPlan) -> AdaptationCandidate {
    AdaptationCandidate(
      depth: depth, plan: plan, trainableParameters: trainableParameters, frontier: frontier, cost: cost,
      seconds: seconds, secondsPerEpoch: secondsPerEpoch, expectedGain: expectedGain, memory: memory)
  }
}
