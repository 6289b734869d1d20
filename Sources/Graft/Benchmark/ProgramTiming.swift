import GraftEngine

/// How long a program took for one batch: medians over several runs, in seconds.
public struct ProgramTiming: Hashable, Sendable, Codable {
  /// The whole run. Of a prediction: loading the images, every step, and reading the output; of a training step also the
  /// loss and the optimizer.
  public let seconds: Double
  /// What the run's oneDNN primitives took alone, one after another on the same numbers, in runs that alternate with the
  /// others.
  public let primitiveSeconds: Double
  /// The optimizer's part of a training step; nil for predictions.
  public let optimizerSeconds: Double?
  /// Every step of the program, where they were asked for. Their sum is more than `primitiveSeconds`, because the clock is
  /// read after each.
  public let steps: [StepTiming]

  /// The fraction of the time that is oneDNN's: what Graft itself costs is the rest.
  public var primitiveShare: Double { primitiveSeconds / seconds }
}

/// Times what is run in several ways, in turn, so that a processor that grows slower does so for all of them.
@EngineActor
struct RunTimer {
  /// Rounds that count; one more comes before them.
  let rounds: Int
  /// Whether every step is measured too.
  let profilesSteps: Bool

  /// - Parameters:
  ///   - whole: the run as it is; returns what part of it the optimizer took.
  ///   - primitives: the same run, of which only the primitives' time is returned.
  ///   - profile: the same run, every step of it measured.
  func measure(
    _ whole: () throws -> Double?, primitives: () throws -> Double, profile: () throws -> [StepTiming]
  ) throws -> ProgramTiming {
    var runs: [(whole: Double, primitives: Double, optimizer: Double?)] = []
    var profiles: [[StepTiming]] = []
    for round in 0...rounds {
      let start = ContinuousClock.now
      let optimizer = try whole()
      let seconds = start.duration(to: .now) / .seconds(1)
      let primitiveSeconds = try primitives()
      let profile = profilesSteps ? try profile() : []
      guard round > 0 else { continue }
      runs.append((seconds, primitiveSeconds, optimizer))
      profiles.append(profile)
    }
    return ProgramTiming(
      seconds: Self.median(runs.map(\.whole)), primitiveSeconds: Self.median(runs.map(\.primitives)),
      optimizerSeconds: runs[0].optimizer.map { _ in Self.median(runs.compactMap(\.optimizer)) },
      steps: .medians(of: profiles))
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
