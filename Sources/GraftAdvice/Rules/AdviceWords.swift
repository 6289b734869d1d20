import Foundation
import GraftLearning
import GraftPlanning

/// Why a plan is recommended, in plain words.
enum AdviceWords {
  /// The most important first.
  static func reasons(
    _ facts: AdviceFacts, _ recommendation: Recommendation, _ chosen: AdaptationCandidate, _ refused: [Advice.Refusal],
    stages: Int
  ) -> [String] {
    var reasons = [verdict(facts, recommendation, chosen), accuracy(facts), distance(facts)]
    if let shift = facts.shift { reasons.append(words(shift)) }
    reasons.append(amount(facts))
    if facts.imbalance >= 3 { reasons.append(balance(facts)) }
    reasons += refused.map { "\($0.depth.words) was passed over: it \($0.reason)" }
    return reasons
  }

  private static func verdict(
    _ facts: AdviceFacts, _ recommendation: Recommendation, _ chosen: AdaptationCandidate
  ) -> String {
    let what = chosen.depth.words
    guard recommendation.isClear else {
      let open = recommendation.open.map(\.words).joined(separator: " or ")
      return "these photographs cannot tell whether \(open) is best: the interval of what the head reaches allows "
        + "either. \(recommendation.depth.words) is the likeliest, and what validates best is kept, the solved head alone included"
    }
    switch chosen.depth {
    case .head:
      return chosen.depth == recommendation.depth
        ? "\(what): training more of the network is expected to add less than half a point"
        : "\(what): what would be better does not fit"
    default:
      return "\(what): training is expected to add about \(points(chosen.expectedGain)) to what a head alone reaches"
    }
  }

  private static func accuracy(_ facts: AdviceFacts) -> String {
    let output = facts.output
    return "a linear head on the network's own features is right on \(percent(output.accuracy)) of photographs "
      + "held out (95 % interval \(percent(output.interval.lowerBound)) to \(percent(output.interval.upperBound))); their five nearest neighbours "
      + "are on \(percent(output.neighbours))"
  }

  private static func distance(_ facts: AdviceFacts) -> String {
    guard let earlier = facts.bestEarlier else {
      return "the network has no stages to compare: how far these photographs are from its pretraining cannot be told"
    }
    let place = "those at the end of \(earlier.source.name) are right on \(percent(earlier.accuracy))"
    switch facts.distance {
    case .near:
      return "the deeper the features, the better: \(place), so these photographs are near those of the pretraining"
    case .far:
      let how = earlier.differs(from: facts.output) ? "better" : "as good"
      return "features of an earlier stage are \(how): \(place), so these photographs are far from those of the "
        + "pretraining, and what the last stages know is about something else"
    case .unclear:
      return "features of an earlier stage may be as good: \(place), a difference that chance alone explains, so the "
        + "distance from the pretraining cannot be told by it"
    }
  }

  private static func words(_ shift: NormalizationShift) -> String {
    let size = shift.median < 0.1 ? "little" : shift.median < 0.5 ? "somewhat" : "far"
    return "what the batch normalisations see is \(size) shifted from what they saw in the pretraining "
      + "(median divergence of \(shift.layers.count) layers: \(shift.median.formatted(.number.precision(.significantDigits(2)))) nats)"
  }

  private static func amount(_ facts: AdviceFacts) -> String {
    let each = Int(facts.imagesPerClass.rounded())
    let size =
      each < 30
      ? "few: what trains follows their noise" : each < 200 ? "a fair number" : "enough for all of the network to train"
    return "\(facts.images.formatted()) training photographs of \(facts.classes.count) classes, about "
      + "\(each.formatted()) each: \(size)"
  }

  private static func balance(_ facts: AdviceFacts) -> String {
    "the largest class has \(facts.imbalance.formatted(.number.precision(.significantDigits(2)))) times the photographs of the "
      + "smallest (\(facts.fewest)): look at the balanced accuracy, and consider balanced class weights"
  }

  static func tooLong(_ candidate: AdaptationCandidate, _ budget: Double) -> String {
    candidate.depth == .head
      ? "would take \(time(candidate.seconds)), and \(time(budget)) are allowed"
      : "would take more than \(time(budget)) even for \(PlanTemplate.fewestEpochs) epochs"
  }

  static func tooLarge(_ shortage: NearestFit<AdaptationCandidate>.Shortage) -> String {
    switch shortage {
    case .memory(let needed, let available):
      "would hold \(bytes(needed)) of memory, and \(bytes(available)) are allowed"
    case .disk(let needed, let available): "would take \(bytes(needed)) of disk, and \(bytes(available)) are allowed"
    }
  }

  static func percent(_ share: Double) -> String { share.formatted(.percent.precision(.fractionLength(1))) }

  private static func points(_ share: Double) -> String {
    (share * 100).formatted(.number.precision(.fractionLength(1))) + " points"
  }

  static func bytes(_ count: Int) -> String {
    let units: [(Double, String)] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    guard let unit = units.first(where: { Double(count) >= $0.0 }) else { return "\(count) bytes" }
    return (Double(count) / unit.0).formatted(.number.precision(.significantDigits(1...3))) + " " + unit.1
  }

  /// `8 s`, `3 min`, `1.5 h`.
  static func time(_ seconds: Double) -> String {
    let (value, unit) = seconds < 90 ? (seconds, "s") : seconds < 5400 ? (seconds / 60, "min") : (seconds / 3600, "h")
    return value.formatted(.number.precision(.significantDigits(1...2))) + " " + unit
  }
}
