import Foundation

/// What a learning-rate finder has seen: the loss at each rate.
public struct LearningRateCurve: Hashable, Sendable, Codable {
  public struct Point: Hashable, Sendable, Codable {
    public var rate: Double
    /// Of the step's images, before the step at this rate is made; not a number where it ran out of numbers.
    public var loss: Double
    /// The mean of the losses so far, later ones counting more.
    public var smoothed: Double
  }

  /// Why no further rate was tried.
  public enum Ending: String, Hashable, Sendable, Codable {
    /// The smoothed loss was more than so many times its least, or no number any more.
    case diverged
    /// The highest rate was reached.
    case highestRate
  }

  public private(set) var settings: LearningRateFinder.Settings
  public private(set) var points: [Point] = []
  /// Nil while the test runs.
  public private(set) var ending: Ending?
  private var mean = 0.0
  private var least = Double.infinity

  private enum CodingKeys: CodingKey {
    case settings, points, ending
  }

  public init(_ settings: LearningRateFinder.Settings) {
    self.settings = settings
  }

  var hasEnded: Bool { ending != nil }

  /// Adds the next step's loss, and decides whether another shall follow.
  mutating func add(loss: Double, rate: Double) {
    mean = settings.smoothing * mean + (1 - settings.smoothing) * loss
    // The mean began at zero: what that takes from it is given back.
    let smoothed = mean / (1 - pow(settings.smoothing, Double(points.count + 1)))
    points.append(Point(rate: rate, loss: loss, smoothed: smoothed))
    // The first loss has no past that it could have left.
    if !smoothed.isFinite || points.count > 1 && smoothed > settings.divergence * least {
      ending = .diverged
    } else if points.count == settings.steps {
      ending = .highestRate
    }
    least = min(least, smoothed)
  }
}
