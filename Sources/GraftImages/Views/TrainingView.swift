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
    self.seed = seed
    self.number = number
  }

  public var width: Int { evaluation.width }
  public var height: Int { evaluation.height }

  public func values(
    of image: RGBImage, from file: Data, preprocessing: Preprocessing
  ) throws(ImageError) -> [Float] {
    let choice = choice(for: file, width: image.width, height: image.height)
    let values = try values(of: image, choice.part, preprocessing)
    return choice.isMirrored
      ? mirrored(values, width: width, channels: preprocessing.channelOrder.count) : values
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

  /// What is done to one photograph.
  struct Choice: Hashable {
    /// What is seen of it; nil for what the evaluation view shows.
    let part: PixelRectangle?
    let isMirrored: Bool
  }

  func choice(for file: Data, width: Int, height: Int) -> Choice {
    let stream = fingerprint(of: file, number)
    // Each decision has a generator of its own: whether there are flips does not move the crops.
    var (crops, flips) = (
      SeededGenerator(seed: seed, stream: stream), SeededGenerator(seed: seed, stream: stream ^ Self.flipStream)
    )
    return Choice(
      part: augmentation.crop.map { $0.part(ofWidth: width, height: height, using: &crops) },
      isMirrored: augmentation.flips && Bool.random(using: &flips))
  }

  private static let flipStream: UInt64 = 0x464c_4950_0000_0000
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

/// Rows of pixels from right to left.
private func mirrored(_ values: [Float], width: Int, channels: Int) -> [Float] {
  var result = values
  result.withUnsafeMutableBufferPointer { result in
    for row in stride(from: 0, to: result.count, by: width * channels) {
      for x in 0..<width / 2 {
        let (left, right) = (row + x * channels, row + (width - 1 - x) * channels)
        for channel in 0..<channels { result.swapAt(left + channel, right + channel) }
      }
    }
  }
  return result
}
