import Foundation
import GraftTensors

/// Photographs of a batch mixed with each other, and what is right for them with them: MixUp (Zhang et al. 2017,
/// arXiv:1710.09412) fades one into another, CutMix (Yun et al. 2019, arXiv:1905.04899) puts a rectangle of one into another.
///
/// Where both are named, either happens in half of the mixed batches. What chance decides depends on the seed and the step alone.
public struct ImageMixing: Hashable, Sendable, Codable {
  /// The α of the Beta(α, α) from which MixUp's share is drawn; nil for none.
  public var mixUp: Double?
  /// The same for CutMix.
  public var cutMix: Double?
  /// The share of batches that are mixed.
  public var probability: Double

  /// - Precondition: each α is more than 0; `probability` is from 0 to 1.
  public init(mixUp: Double?, cutMix: Double?, probability: Double = 1) {
    precondition(mixUp ?? 1 > 0 && cutMix ?? 1 > 0, "Beta distributions with an α of \(mixUp ?? 0) and \(cutMix ?? 0)")
    precondition((0...1).contains(probability), "\(probability) of the batches")
    self.mixUp = mixUp
    self.cutMix = cutMix
    self.probability = probability
  }

  /// How a batch is mixed in one step.
  ///
  /// - Parameters:
  ///   - count: images in the batch.
  ///   - step: the training's, counted over all epochs: two numbers are two mixtures.
  /// - Returns: nil where this batch stays as it is.
  public func mixture(count: Int, width: Int, height: Int, seed: UInt64, step: Int) -> BatchMixture? {
    func generator(_ use: UInt64) -> SeededGenerator {
      SeededGenerator(seed: seed, stream: Self.stream &+ use << 40 ^ UInt64(truncatingIfNeeded: step))
    }
    var (whether, which, shares, partners, places) = (
      generator(0), generator(1), generator(2), generator(3), generator(4)
    )
    let kinds = [mixUp.map { (alpha: $0, isCut: false) }, cutMix.map { (alpha: $0, isCut: true) }].compactMap(\.self)
    let second = Bool.random(using: &which)
    guard count > 1, let kind = second ? kinds.last : kinds.first, Double(whether.nextUniform()) < probability else {
      return nil
    }
    let share = shares.nextBeta(kind.alpha)
    let partner = Array(0..<count).shuffled(using: &partners)
    guard kind.isCut else { return BatchMixture(partners: partner, share: Float(share), box: nil) }
    let box = Self.box(share, width: width, height: height, &places)
    let lost = Double(box.width * box.height) / Double(width * height)
    return BatchMixture(partners: partner, share: Float(1 - lost), box: box)
  }

  /// "MIX".
  private static let stream: UInt64 = 0x4d49_5800_0000_0000

  /// A rectangle of the photograph's own proportions and of 1 − share of its area, about any of its pixels; what lies
  /// beyond the edges is cut off.
  private static func box(
    _ share: Double, width: Int, height: Int, _ generator: inout SeededGenerator
  ) -> PixelRectangle {
    func span(_ size: Int) -> Range<Int> {
      let middle = Int.random(in: 0..<size, using: &generator)
      let half = Int(Double(size) * (1 - share).squareRoot()) / 2
      return max(middle - half, 0)..<min(middle + half, size)
    }
    let (x, y) = (span(width), span(height))
    return PixelRectangle(left: x.lowerBound, top: y.lowerBound, width: x.count, height: y.count)
  }
}
