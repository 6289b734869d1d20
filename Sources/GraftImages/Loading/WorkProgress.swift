/// How far a long piece of work has come.
public struct WorkProgress: Hashable, Sendable {
  public enum Phase: Hashable, Sendable {
    /// Images are decoded.
    case decoding
    /// Images are decoded and sent through the frozen part of the network.
    case freezing
    /// A teacher looks at training images.
    case teaching
    case training(epoch: Int, of: Int)
    case validating
    case extracting
  }

  public let phase: Phase
  public let completed: Int
  public let total: Int
  public let imagesPerSecond: Double
  /// Of this phase, at the rate so far; nil where it cannot be told yet.
  public let secondsLeft: Double?
}

/// Turns counts of images into progress with a rate.
public struct ProgressClock: Sendable {
  private var phase = WorkProgress.Phase.decoding
  private var total = 0
  private var start = ContinuousClock.now

  public init() {}

  public mutating func begin(_ phase: WorkProgress.Phase, total: Int) {
    self.phase = phase
    self.total = total
    start = .now
  }

  public func progress(_ completed: Int) -> WorkProgress {
    let elapsed = start.duration(to: .now) / .seconds(1)
    let rate = elapsed > 0 ? Double(completed) / elapsed : 0
    return WorkProgress(
      phase: phase, completed: completed, total: total, imagesPerSecond: rate,
      secondsLeft: rate > 0 ? Double(max(total - completed, 0)) / rate : nil)
  }
}
