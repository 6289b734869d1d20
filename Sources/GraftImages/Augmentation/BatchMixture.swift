import GraftTensors

/// How the images of one batch are mixed.
///
/// Image i becomes `share` of itself and 1 − `share` of image `partners[i]` of the same batch; so do the targets. The rest of
/// what belongs to an image, its weight for example, is its own.
public struct BatchMixture: Hashable, Sendable {
  /// For each image, the position of the one that is mixed into it; its own where nothing is.
  public let partners: [Int]
  /// What is left of each image, 0…1: for CutMix the share of its pixels, exactly.
  public let share: Float
  /// The part that comes from the partner alone (CutMix); nil where all pixels are mixed (MixUp).
  public let box: PixelRectangle?

  public init(partners: [Int], share: Float, box: PixelRectangle?) {
    self.partners = partners
    self.share = share
    self.box = box
  }

  /// The batch mixed.
  ///
  /// - Parameter images: float32 `[n, channels, height, width]`, as `ImageBatch` has them; any strides.
  /// - Returns: the same shape and order in memory as the loader's: channels innermost.
  /// - Precondition: there are as many images as partners, and the box lies within them.
  public func mixed(_ images: Tensor) -> Tensor {
    let stored = images.permuted([0, 2, 3, 1])
    let (count, height, width, channels) = (stored.shape[0], stored.shape[1], stored.shape[2], stored.shape[3])
    precondition(count == partners.count, "\(count) images, mixed as if \(partners.count)")
    let size = height * width * channels
    let result = stored.withUnsafeBytes { bytes in
      let source = bytes.bindMemory(to: Float.self)
      return Tensor(uninitialized: stored.shape) { bytes in
        let target = bytes.bindMemory(to: Float.self)
        _ = target.initialize(fromContentsOf: source)
        for (image, partner) in partners.enumerated() {
          if let box {
            for row in box.top..<box.top + box.height {
              let start = (row * width + box.left) * channels
              for offset in start..<start + box.width * channels {
                target[image * size + offset] = source[partner * size + offset]
              }
            }
          } else {
            blend(target, source, image * size, partner * size, size)
          }
        }
      }
    }
    return result.permuted([0, 3, 1, 2])
  }

  /// What is right for the mixed images.
  ///
  /// - Parameter rows: float32 `[n, …]`: for each image how probable each class is, or which labels hold.
  public func mixed(rows: Tensor) -> Tensor {
    precondition(rows.shape[0] == partners.count, "\(rows.shape[0]) rows, mixed as if \(partners.count)")
    let size = rows.shape.count / max(rows.shape[0], 1)
    return rows.withUnsafeBytes { bytes in
      let source = bytes.bindMemory(to: Float.self)
      return Tensor(uninitialized: rows.shape) { bytes in
        let target = bytes.bindMemory(to: Float.self)
        for (row, partner) in partners.enumerated() { blend(target, source, row * size, partner * size, size) }
      }
    }
  }

  private func blend(
    _ target: UnsafeMutableBufferPointer<Float>, _ source: UnsafeBufferPointer<Float>, _ own: Int, _ other: Int,
    _ count: Int
  ) {
    let rest = 1 - share
    for offset in 0..<count {
      target[own + offset] = share * source[own + offset] + rest * source[other + offset]
    }
  }
}
