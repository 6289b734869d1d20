import Foundation

/// The numbers that `tools/reference/augmentation_fixtures.py` wrote.
struct AugmentationValues: Decodable {
  struct Affine: Decodable {
    let rotation, zoom, shearX, shearY: Double
    let centre, shift, inverse: [Double]
  }

  struct Perspective: Decodable {
    let corners: [[Double]]
    let inverse: [Double]
  }

  struct Policies: Decodable {
    let randaugment: [String: [Double]]
    let trivial: [String: [Double]]
    let signed: [String]
    let learned: Learned

    enum CodingKeys: String, CodingKey {
      case randaugment = "randaugment-300x200"
      case trivial, signed, learned
    }
  }

  /// AutoAugment's.
  struct Learned: Decodable {
    /// Pairs of `Operation probability place`, without a place where the operation has no magnitude.
    let policies: [String: [[String]]]
    /// Ten of each operation, for an image of 300 × 200.
    let magnitudes: [String: [Double]]
    let signed: [String]
  }

  let affine: [Affine]
  let perspective: [Perspective]
  let policies: Policies
  let hues: [String: [Int]]

  static func read() throws -> AugmentationValues {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(AugmentationValues.self, from: Fixture.bytes("augmentation/values.json"))
  }
}
