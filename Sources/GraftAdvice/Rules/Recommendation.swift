import GraftPlanning
import GraftTraining

/// Which depth is worth it, and whether that can be told.
struct Recommendation: Hashable {
  let depth: AdaptationDepth
  /// Whether the photographs decide it; where not, what the likeliest accuracy speaks for is taken: it costs time, and no accuracy,
  /// because the epoch that validates best is kept, the head's own included.
  let isClear: Bool
  /// What they leave open, from the cheapest on.
  let open: [AdaptationDepth]

  /// - Parameters:
  ///   - depths: from the cheapest on; the head first.
  ///   - stages: of the backbone.
  init(_ facts: AdviceFacts, depths: [AdaptationDepth], stages: Int) {
    let interval = facts.output.interval
    let errors = [1 - interval.upperBound, 1 - facts.output.accuracy, 1 - interval.lowerBound]
    let choices = errors.map { error in
      let gain = ExpectedGain(error: error, distance: facts.distance, imagesPerClass: facts.imagesPerClass)
      var best = (depth: AdaptationDepth.head, points: 0.0)
      for depth in depths {
        let points = gain.points(of: depth, stages: stages)
        if points > best.points + ExpectedGain.worthwhile { best = (depth, points) }
      }
      return best.depth
    }
    open = Set(choices).sorted()
    isClear = open.count == 1
    depth = choices[1]
  }
}

extension CandidateMaker {
  /// The candidate of a depth, with as many epochs as the time allows; nil where not even the fewest fit.
  func fitting(_ depth: AdaptationDepth, seconds: Double?) throws -> AdaptationCandidate? {
    let full = try candidate(depth)
    guard let seconds, full.seconds > seconds else { return full }
    guard depth != .head else { return nil }
    let template = PlanTemplate(facts)
    for epochs in stride(from: template.epochs(depth) - 1, through: PlanTemplate.fewestEpochs, by: -1) {
      let fewer = try candidate(depth, epochs: epochs)
      if fewer.seconds <= seconds { return fewer }
    }
    return nil
  }

  /// The depths to go through until one fits: the one that is wanted, and cheaper ones, down to the head.
  func alternatives(to depth: AdaptationDepth, among candidates: [AdaptationCandidate]) -> [AdaptationDepth] {
    candidates.map(\.depth).filter { $0 <= depth }.sorted(by: >)
  }
}
