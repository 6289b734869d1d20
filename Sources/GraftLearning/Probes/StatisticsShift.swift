import Foundation

/// How far the statistics of channels are from those that a network was trained on.
///
/// Each channel is taken for a Gaussian; batch normalisations keep the moments of what they saw.
public struct StatisticsShift: Hashable, Sendable, Codable {
  /// The symmetric Kullback-Leibler divergence of each channel, the mean of both directions, in nats: 0 where moments are
  /// the same, whatever the channel's unit.
  public let divergences: [Double]
  /// The squared Fréchet distance of each channel over the stored variance: (difference of means² + difference of deviations²) / variance.
  public let distances: [Double]

  /// The mean over the channels; nil without any.
  public var meanDivergence: Double? { mean(divergences) }
  /// The mean over the channels; nil without any.
  public var meanDistance: Double? { mean(distances) }

  /// - Parameters:
  ///   - stored: what the network was trained on.
  ///   - observed: what it sees now.
  ///   - epsilon: is added to variances, as the normalisation does; keeps channels that never change from dividing by zero.
  /// - Precondition: as many channels in both, and `epsilon` above 0.
  public init(stored: ChannelMoments, observed: ChannelMoments, epsilon: Double = 1e-3) {
    precondition(stored.means.count == observed.means.count, "\(observed.means.count) channels, not those stored")
    precondition(epsilon > 0, "an epsilon of \(epsilon)")
    var (divergences, distances): ([Double], [Double]) = ([], [])
    for channel in stored.means.indices {
      let (one, other) = (stored.variances[channel] + epsilon, observed.variances[channel] + epsilon)
      let difference = stored.means[channel] - observed.means[channel]
      let square = difference * difference
      // The logarithms of both directions cancel.
      divergences.append(((one + square) / other + (other + square) / one - 2) / 4)
      let deviation = one.squareRoot() - other.squareRoot()
      distances.append((square + deviation * deviation) / one)
    }
    (self.divergences, self.distances) = (divergences, distances)
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
