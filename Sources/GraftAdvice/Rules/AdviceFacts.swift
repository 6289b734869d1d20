import GraftImages
import GraftLearning

/// How far photographs are from those of the pretraining.
public enum DomainDistance: String, Hashable, Sendable, Codable {
  /// Features tell classes apart the better the deeper they are: what the network learned last is of use.
  case near
  /// Features of an earlier stage are better, or surely about as good: what the network learned last is about something else.
  case far
  /// Neither can be told by these photographs.
  case unclear
}

/// Everything that the recommendation goes by.
public struct AdviceFacts: Hashable, Sendable, Encodable {
  public let probes: [SourceProbe]
  public let shift: NormalizationShift?
  public let classes: [String]
  /// Training photographs of each class.
  public let counts: [Int]

  init(probes: [SourceProbe], shift: NormalizationShift? = nil, classes: [String], counts: [Int]) {
    self.probes = probes
    self.shift = shift
    self.classes = classes
    self.counts = counts
  }

  /// Of what the head reads. There is always one.
  public var output: SourceProbe { probes[probes.count - 1] }

  /// The earlier source with the best accuracy; nil where the network has only one.
  public var bestEarlier: SourceProbe? { probes.dropLast().max { $0.accuracy < $1.accuracy } }

  /// The source whose features separate the classes best.
  public var best: SourceProbe { bestEarlier.flatMap { $0.accuracy > output.accuracy ? $0 : nil } ?? output }

  public var distance: DomainDistance {
    guard let earlier = bestEarlier else { return .unclear }
    if earlier.differs(from: output) { return earlier.accuracy > output.accuracy ? .far : .near }
    // As good as what does no better than naming the largest class every time says nothing.
    guard output.interval.lowerBound > largestShare else { return .unclear }
    return earlier.leastAdvantage(over: output) > -asGood ? .far : .unclear
  }

  public var images: Int { counts.reduce(0, +) }
  /// Features of an earlier stage are as good where they are surely not worse by more than this: two points in a hundred, or a quarter
  /// of the output's errors where these are few.
  private var asGood: Double { min(0.02, (1 - output.accuracy) / 4) }

  /// On average.
  public var imagesPerClass: Double { Double(images) / Double(max(counts.count { $0 > 0 }, 1)) }
  private var largestShare: Double { Double(counts.max() ?? 0) / Double(max(images, 1)) }
  public var fewest: Int { counts.min() ?? 0 }
  /// The largest class divided by the smallest that has photographs.
  public var imbalance: Double { Double(counts.max() ?? 0) / Double(max(counts.filter { $0 > 0 }.min() ?? 1, 1)) }
}
