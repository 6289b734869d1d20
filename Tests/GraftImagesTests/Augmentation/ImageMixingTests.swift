import Foundation
import GraftTensors
import Testing

@testable import GraftImages

struct ImageMixingTests {
  /// Of a Beta(α, α) the mean is ½ and the variance 1 / (4 (2α + 1)).
  @Test(arguments: [0.05, 0.2, 0.4, 1, 2, 8])
  func `shares are from Beta`(alpha: Double) {
    var generator = SeededGenerator(seed: 3)
    let shares = (0..<20_000).map { _ in generator.nextBeta(alpha) }
    let mean = shares.reduce(0, +) / 20_000
    let variance = shares.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 20_000
    let expected = 1 / (4 * (2 * alpha + 1))
    #expect(shares.allSatisfy { (0...1).contains($0) })
    #expect(abs(mean - 0.5) < 0.012)
    #expect(abs(variance - expected) < 0.02 * expected + 0.0005, "\(variance), expected \(expected)")
  }

  @Test func `an even Beta is even in every tenth`() {
    var generator = SeededGenerator(seed: 4)
    var tenths = [Int](repeating: 0, count: 10)
    for _ in 0..<20_000 { tenths[min(Int(generator.nextBeta(1) * 10), 9)] += 1 }
    #expect(tenths.allSatisfy { abs($0 - 2000) < 150 })
  }

  private func mixtures(_ mixing: ImageMixing, count: Int = 6, steps: Int = 500) -> [BatchMixture?] {
    (0..<steps).map { mixing.mixture(count: count, width: 32, height: 20, seed: 7, step: $0) }
  }

  @Test func `partners are a permutation, another one in each step`() {
    let mixtures = mixtures(ImageMixing(mixUp: 0.2, cutMix: nil)).compactMap(\.self)
    #expect(mixtures.count == 500)
    #expect(mixtures.allSatisfy { $0.partners.sorted() == Array(0..<6) && $0.box == nil })
    #expect(Set(mixtures.map(\.partners)).count > 300)
    #expect(Set(mixtures.map(\.share)).count > 400)
  }

  @Test func `a cut's share is that of the pixels that are left`() {
    let mixtures = mixtures(ImageMixing(mixUp: nil, cutMix: 1)).compactMap(\.self)
    #expect(mixtures.count == 500)
    for mixture in mixtures {
      guard let box = mixture.box else {
        Issue.record("no box")
        continue
      }
      #expect(box.left >= 0 && box.top >= 0 && box.left + box.width <= 32 && box.top + box.height <= 20)
      #expect(abs(mixture.share - (1 - Float(box.width * box.height) / 640)) < 1e-6)
    }
    // Cut off at the edges, less is lost than half of the area.
    let mean = mixtures.map(\.share).reduce(0, +) / 500
    #expect(mean > 0.55 && mean < 0.8)
    // Both edges and the middle are met.
    #expect(mixtures.contains { $0.box?.left == 0 } && mixtures.contains { ($0.box?.left ?? 0) > 16 })
  }

  @Test func `both ways take turns by chance, and some batches stay`() {
    let mixtures = mixtures(ImageMixing(mixUp: 0.2, cutMix: 1, probability: 0.6), steps: 1000)
    #expect(abs(mixtures.count { $0 == nil } - 400) < 60)
    #expect(abs(mixtures.count { $0 != nil && $0?.box == nil } - 300) < 60)
    #expect(mixtures == self.mixtures(ImageMixing(mixUp: 0.2, cutMix: 1, probability: 0.6), steps: 1000))
    #expect(self.mixtures(ImageMixing(mixUp: 0.2, cutMix: 1, probability: 0)).allSatisfy { $0 == nil })
  }

  @Test func `one image has no partner`() {
    #expect(mixtures(ImageMixing(mixUp: 0.2, cutMix: 1), count: 1).allSatisfy { $0 == nil })
  }

  @Test func `how often does not move how`() {
    let always = mixtures(ImageMixing(mixUp: nil, cutMix: 1))
    let seldom = mixtures(ImageMixing(mixUp: nil, cutMix: 1, probability: 0.3))
    #expect(zip(always, seldom).allSatisfy { $1 == nil || $0 == $1 })
  }

  @Test func `seeds and steps decide`() {
    let mixing = ImageMixing(mixUp: 0.2, cutMix: 1)
    let first = mixing.mixture(count: 64, width: 9, height: 9, seed: 1, step: 3)
    #expect(first == mixing.mixture(count: 64, width: 9, height: 9, seed: 1, step: 3))
    #expect(first != mixing.mixture(count: 64, width: 9, height: 9, seed: 2, step: 3))
    #expect(first != mixing.mixture(count: 64, width: 9, height: 9, seed: 1, step: 4))
  }

  /// Two images of 2 × 3 pixels with two channels, counted up, as the loader makes them.
  private var images: Tensor {
    Tensor((0..<24).map(Float.init), shape: [2, 2, 3, 2]).permuted([0, 3, 1, 2])
  }

  @Test func `MixUp fades images and targets alike`() {
    let mixture = BatchMixture(partners: [1, 0], share: 0.75, box: nil)
    let mixed = mixture.mixed(images)
    #expect(mixed.shape == [2, 2, 2, 3])
    #expect(mixed.strides == images.strides)
    let expected = (0..<24).map { index in index < 12 ? Float(index) + 3 : Float(index) - 3 }
    #expect(mixed.permuted([0, 2, 3, 1]).floats == expected)
    let rows = mixture.mixed(rows: Tensor([1, 0, 0, 0, 0, 1], shape: [2, 3]))
    #expect(rows.floats == [0.75, 0, 0.25, 0.25, 0, 0.75])
  }

  @Test func `CutMix puts a rectangle of the partner into the image`() {
    let box = PixelRectangle(left: 1, top: 0, width: 2, height: 1)
    let mixed = BatchMixture(partners: [1, 1], share: 2 / 3, box: box).mixed(images)
    let expected: [Float] = [0, 1, 14, 15, 16, 17] + (6..<24).map(Float.init)
    #expect(mixed.permuted([0, 2, 3, 1]).floats == expected)
  }
}
