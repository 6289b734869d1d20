import GraftImages
import GraftPlanning
import GraftTraining

/// What to train of a network on photographs, found out by looking at the features that it has of them.
public struct Advice: Hashable, Sendable, Encodable {
  /// A plan that was passed over for what it takes.
  public struct Refusal: Hashable, Sendable, Encodable {
    public let depth: AdaptationDepth
    /// `would hold 3.1 GB of memory, and 2 GB are allowed`.
    public let reason: String
  }

  public let facts: AdviceFacts
  /// Of how many photographs features were taken, and of how many there are to train on.
  public let probed, available: Int
  /// Photographs that cannot be read.
  public let skipped: [SkippedPhotograph]
  /// From the cheapest on; each with all the epochs that it is worth.
  public let candidates: [AdaptationCandidate]
  /// What is recommended; with fewer epochs than among the candidates, where the time is short.
  public let recommended: AdaptationCandidate
  /// Whether the photographs decide it. Where not, the cheapest of what they leave open is recommended.
  public let isClear: Bool
  public let refused: [Refusal]
  /// Whether the recommended plan takes longer, or more memory, than allowed: then nothing fits.
  public let exceedsLimits: Bool
  /// What the advice itself took.
  public let seconds: Double

  /// The recommended plan, with its reasons.
  public var plan: AdaptationPlan { recommended.plan }

  public struct SkippedPhotograph: Hashable, Sendable, Encodable {
    public let path, reason: String
  }

  /// The accuracy that the plan is expected to reach on photographs that it has not seen, 0 to 1.
  public var expectedAccuracy: Double { min(facts.output.accuracy + max(recommended.expectedGain, 0), 1) }
}

extension Advice {
  /// Several networks' advice on the same photographs, the best first. Of networks whose probes chance alone could have told
  /// apart, the faster one comes first.
  ///
  /// - Returns: positions in `advice`.
  public static func ranking(_ advice: [Advice]) -> [Int] {
    var rest = advice.indices.sorted { advice[$0].expectedAccuracy > advice[$1].expectedAccuracy }
    var ranking: [Int] = []
    while let first = rest.first {
      let best = advice[first]
      let equal = rest.filter { index in
        index == first
          || best.expectedAccuracy - advice[index].expectedAccuracy < ExpectedGain.worthwhile
          || !best.facts.output.differs(from: advice[index].facts.output)
            && best.expectedAccuracy - advice[index].expectedAccuracy < 2 * ExpectedGain.worthwhile
      }
      let next = equal.min { advice[$0].recommended.seconds < advice[$1].recommended.seconds } ?? first
      ranking.append(next)
      rest.removeAll { $0 == next }
    }
    return ranking
  }
}
