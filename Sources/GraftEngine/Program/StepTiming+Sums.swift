/// What several steps took together.
public struct WorkTiming<Key: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
  public let key: Key
  public let forward: Double
  public let backward: Double
  public let steps: Int
  /// oneDNN's names for them, without repetition, the slowest step's first.
  public let implementations: [String]
  /// Whether one of them is oneDNN's plain implementation, which is slow.
  public let hasReference: Bool

  public var seconds: Double { forward + backward }

  fileprivate init(_ key: Key, _ timings: [StepTiming]) {
    self.key = key
    forward = timings.filter { $0.pass == .forward }.seconds
    backward = timings.filter { $0.pass == .backward }.seconds
    steps = timings.count
    var seen: Set<String> = []
    implementations = timings.sorted { $0.seconds > $1.seconds }.map(\.implementation)
      .filter { seen.insert($0).inserted }
    hasReference = timings.contains(where: \.isReference)
  }
}

/// What a layer's steps took together.
public typealias LayerTiming = WorkTiming<String>

/// What all steps of one kind took together.
public typealias KindTiming = WorkTiming<StepTiming.Kind>

extension [StepTiming] {
  /// By layer, in the order in which the layers run.
  public var byLayer: [LayerTiming] { grouped(by: \.layer) }

  /// By kind of work, in the order in which they occur.
  public var byKind: [KindTiming] { grouped(by: \.kind) }

  private func grouped<Key>(by key: (StepTiming) -> Key) -> [WorkTiming<Key>] {
    var order: [Key] = []
    var groups: [Key: [StepTiming]] = [:]
    for timing in self {
      if groups[key(timing)] == nil { order.append(key(timing)) }
      groups[key(timing), default: []].append(timing)
    }
    return order.map { WorkTiming($0, groups[$0] ?? []) }
  }
}
