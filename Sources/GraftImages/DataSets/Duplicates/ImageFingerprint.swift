import Foundation

/// What of a picture stays when it is saved again: smaller, darker, in another quality or format.
public struct ImageFingerprint: Hashable, Sendable {
  /// The signs of the 64 lowest frequencies of the picture in grey, 32 × 32 pixels, against their median (pHash; Zauner,
  /// “Implementation and Benchmarking of Perceptual Image Hash Functions”, 2010).
  public let hash: UInt64
  /// The picture in grey, 32 × 32 pixels, row by row: what the hash is taken of, and tells more.
  public let thumbnail: [UInt8]

  static let side = 32

  /// - Parameter thumbnail: 32 × 32 grey pixels.
  init(thumbnail: [UInt8]) {
    precondition(thumbnail.count == Self.side * Self.side, "\(thumbnail.count) grey pixels")
    self.thumbnail = thumbnail
    hash = Self.hash(of: thumbnail)
  }

  /// In how many of 64 bits two pictures differ.
  public func distance(to other: ImageFingerprint) -> Int { (hash ^ other.hash).nonzeroBitCount }

  /// How alike two pictures are but for their brightness and contrast, 1 for the same: Pearson's correlation of their
  /// thumbnails. Of two plain areas, 1; of a plain area and a picture, 0.
  public func correlation(with other: ImageFingerprint) -> Double {
    var (sum, otherSum, square, otherSquare, product) = (0, 0, 0, 0, 0)
    thumbnail.withUnsafeBufferPointer { mine in
      other.thumbnail.withUnsafeBufferPointer { theirs in
        for index in mine.indices {
          let (first, second) = (Int(mine[index]), Int(theirs[index]))
          sum += first
          otherSum += second
          square += first * first
          otherSquare += second * second
          product += first * second
        }
      }
    }
    let count = thumbnail.count
    let (variance, otherVariance) = (count * square - sum * sum, count * otherSquare - otherSum * otherSum)
    if variance == 0 && otherVariance == 0 { return 1 }
    guard variance > 0, otherVariance > 0 else { return 0 }
    return Double(count * product - sum * otherSum)
      / (Double(variance).squareRoot() * Double(otherVariance).squareRoot())
  }

  private static func hash(of thumbnail: [UInt8]) -> UInt64 {
    // frequencies = cosines · picture · cosinesᵀ, 8 × 8
    var rows = [Float](repeating: 0, count: 8 * side)
    for frequency in 0..<8 {
      for y in 0..<side {
        let cosine = cosines[frequency * side + y]
        for x in 0..<side { rows[frequency * side + x] += cosine * Float(thumbnail[y * side + x]) }
      }
    }
    var frequencies = [Float](repeating: 0, count: 64)
    for vertical in 0..<8 {
      for horizontal in 0..<8 {
        for x in 0..<side {
          frequencies[vertical * 8 + horizontal] += rows[vertical * side + x] * cosines[horizontal * side + x]
        }
      }
    }
    // The first is the brightness of all, beside which the others are small. Rounded, lest a plain area's hash be noise.
    let rounded = frequencies.map { ($0 / 16).rounded() }
    let median = rounded.dropFirst().sorted()[31]
    return rounded.enumerated().reduce(0) { $1.element > median ? $0 | 1 << UInt64($1.offset) : $0 }
  }

  /// Of the discrete cosine transform, type II: 8 frequencies × 32 positions.
  private static let cosines: [Float] = (0..<8 * side).map { index in
    let (frequency, position) = (index / side, index % side)
    return Float(cos(Double.pi * Double(2 * position + 1) * Double(frequency) / Double(2 * side)))
  }
}
