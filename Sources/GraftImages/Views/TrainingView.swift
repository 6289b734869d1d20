import Foundation
import GraftGraph
import GraftTensors

/// One of the many views of a photograph that an augmentation allows: the same part of it, mirrored or not, whenever it
/// is asked for.
///
/// What chance decides depends on the seed, the view's number and the bytes of the photograph's file: on no order, no
/// thread, no name, and on no other photograph.
public struct TrainingView: ImageView, Codable {
  /// The size, and how pixels are resampled to it: as for validation and predictions, which the network must suit too.
  public var evaluation: EvaluationView
  public var augmentation: Augmentation
  public var seed: UInt64
  /// Two numbers are two views.
  public var number: Int

  public init(_ evaluation: EvaluationView, _ augmentation: Augmentation, seed: UInt64, number: Int) {
    self.evaluation = evaluation
    self.augmentation = augmentation
    // What concerns whole batches does not make another view.
    self.augmentation.mixing = nil
    self.seed = seed
    self.number = number
  }

  public var width: Int { evaluation.width }
  public var height: Int { evaluation.height }

  public func values(
    of image: RGBImage, from file: Data, preprocessing: Preprocessing
  ) throws(ImageError) -> [Float] {
    let chance = chance(for: file)
    guard augmentation.onlyCropsAndFlips else {
      return preprocessing.values(of: try augmented(image, by: chance))
    }
    let choice = choice(by: chance, width: image.width, height: image.height)
    let channels = preprocessing.channelOrder.count
    var values = try values(of: image, choice.part, preprocessing)
    if choice.isMirrored { values = mirrored(values, width: width, channels: channels) }
    if choice.isUpsideDown { values = upsideDown(values, rowLength: width * channels) }
    return values
  }

  private func values(
    of image: RGBImage, _ part: PixelRectangle?, _ preprocessing: Preprocessing
  ) throws(ImageError) -> [Float] {
    guard let part else { return try evaluation.values(of: image, preprocessing: preprocessing) }
    let cut = image.cropped(to: part)
    switch evaluation.resize {
    case .shorterSideAndCrop:
      let resized = try cut.resizedAntialiased(width: width, height: height)
      return preprocessing.values(of: resized)
    case .squash:
      return preprocessing.apply(to: try cut.resizedLinearly(width: width, height: height))
    }
  }

  /// Which pixels of one photograph are seen, as far as crops and flips decide it.
  struct Choice: Hashable {
    /// What is seen of it; nil for what the evaluation view shows.
    let part: PixelRectangle?
    let isMirrored: Bool
    var isUpsideDown = false
  }

  func choice(for file: Data, width: Int, height: Int) -> Choice {
    choice(by: chance(for: file), width: width, height: height)
  }

  func chance(for file: Data) -> ViewChance {
    ViewChance(seed: seed, stream: fingerprint(of: file, number))
  }

  func choice(by chance: ViewChance, width: Int, height: Int) -> Choice {
    var (crops, flips, verticalFlips) = (
      chance.generator(.crop), chance.generator(.flip), chance.generator(.verticalFlip)
    )
    return Choice(
      part: augmentation.crop.map { $0.part(ofWidth: width, height: height, using: &crops) },
      isMirrored: augmentation.flips && Bool.random(using: &flips),
      isUpsideDown: augmentation.verticalFlips && Bool.random(using: &verticalFlips))
  }
}

/// Tells files and numbers apart well enough to draw by: a multiplication and a shift for each eight bytes.
private func fingerprint(of file: Data, _ number: Int) -> UInt64 {
  var state = UInt64(truncatingIfNeeded: file.count)
  func mix(_ word: UInt64) {
    state = (state ^ word) &* 0x9fb2_1c65_1e98_df25
    state ^= state >> 32
  }
  file.withUnsafeBytes { bytes in
    let whole = bytes.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }
    mix(bytes[whole...].reduce(0) { $0 << 8 | UInt64($1) })
  }
  mix(UInt64(truncatingIfNeeded: number))
  return state
}
