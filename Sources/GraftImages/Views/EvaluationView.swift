import CImaging
import GraftGraph
import GraftTensors

/// What a network sees of a photograph when nothing is left to chance: always the same pixels of the same size.
public struct EvaluationView: Hashable, Sendable, Codable {
  /// How a photograph of any shape becomes one of the network's.
  public enum Resize: String, Hashable, Sendable, Codable, CaseIterable {
    /// The shorter side to 256/224 of the size asked for (antialiased bilinear, 8-bit), then the centre: torchvision's
    /// evaluation transform on Pillow images.
    case shorterSideAndCrop
    /// The whole picture to the size asked for, whatever becomes of its proportions (bilinear, neither antialiased nor
    /// rounded): Keras's `image_dataset_from_directory` and TensorFlow's `tf.image.resize`.
    case squash
  }

  public var width: Int
  public var height: Int
  public var resize: Resize

  /// - Precondition: `width` and `height` are positive.
  public init(width: Int, height: Int, resize: Resize = .shorterSideAndCrop) {
    precondition(width > 0 && height > 0, "a view of \(width) × \(height) pixels")
    self.width = width
    self.height = height
    self.resize = resize
  }

  /// The view of one image as the network takes it: float32 `[height, width, channels]`, channels in the
  /// preprocessing's order.
  ///
  /// Images smaller than the view are enlarged.
  ///
  /// - Throws: `ImageError.outOfMemory`… where the resized image does not fit into memory.
  public func tensor(of image: RGBImage, preprocessing: Preprocessing) throws(ImageError) -> Tensor {
    let channels = preprocessing.channelOrder.count
    return Tensor(try values(of: image, preprocessing: preprocessing), shape: [height, width, channels])
  }

  /// The same numbers as an array: row by row, each pixel's channels together.
  func values(of image: RGBImage, preprocessing: Preprocessing) throws(ImageError) -> [Float] {
    switch resize {
    case .shorterSideAndCrop:
      return preprocessing.values(of: try shorterSideAndCrop(of: image))
    case .squash:
      return preprocessing.apply(to: try image.resizedLinearly(width: width, height: height))
    }
  }

  /// The centre of the image, its shorter side resized, whatever `resize` is.
  func shorterSideAndCrop(of image: RGBImage) throws(ImageError) -> RGBImage {
    let size = ResizedSize(of: image, covering: self)
    let centre = PixelRectangle(left: size.left, top: size.top, width: width, height: height)
    return try image.resizedAntialiased(width: size.width, height: size.height, part: centre)
  }
}

/// The size to which an image is resized before its centre is cut out, and where that centre begins.
struct ResizedSize: Hashable {
  let width: Int
  let height: Int
  let left: Int
  let top: Int

  init(of image: RGBImage, covering view: EvaluationView) {
    let widened = Self.widened(view.width)
    let heightened = Self.widened(view.height)
    // The side that is short of its target by the larger factor reaches it; the other keeps the proportions, its
    // fraction of a pixel cut off as torchvision does.
    if widened * image.height >= heightened * image.width {
      width = widened
      height = widened * image.height / image.width
    } else {
      width = heightened * image.width / image.height
      height = heightened
    }
    left = Self.halfRoundedToEven(width - view.width)
    top = Self.halfRoundedToEven(height - view.height)
  }

  /// 256/224 of a side, rounded: 224 → 256, 299 → 342.
  static func widened(_ side: Int) -> Int {
    Int((Double(side) * 256 / 224).rounded(.toNearestOrEven))
  }

  /// Python's `round(difference / 2)`, which torchvision's centre crop uses.
  static func halfRoundedToEven(_ difference: Int) -> Int {
    let half = difference / 2
    return difference % 2 != 0 && half % 2 != 0 ? half + 1 : half
  }
}
