import Foundation
import GraftGraph

/// How a photograph becomes the image of one size that a network takes.
public protocol ImageView: Hashable, Sendable {
  var width: Int { get }
  var height: Int { get }

  /// The view of one image: float32 `[height, width, channels]`, row by row, each pixel's channels together, in the
  /// preprocessing's order.
  ///
  /// - Parameter file: the bytes that the image was decoded from.
  /// - Throws: `ImageError` where the image cannot be resized.
  func values(of image: RGBImage, from file: Data, preprocessing: Preprocessing) throws(ImageError) -> [Float]
}

extension EvaluationView: ImageView {
  /// The same pixels, whatever the file.
  public func values(
    of image: RGBImage, from file: Data, preprocessing: Preprocessing
  ) throws(ImageError) -> [Float] {
    try values(of: image, preprocessing: preprocessing)
  }
}
