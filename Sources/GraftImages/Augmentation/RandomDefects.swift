import Foundation
import GraftTensors

/// What may be wrong with a view's pixels in the end.
public struct RandomDefects: Hashable, Sendable, Codable {
  /// The most that a view is blurred: the standard deviation of a Gaussian, in pixels of the view, drawn evenly from 0 on.
  public var blur: Double
  /// The most noise: its standard deviation as a share of the whole range, drawn evenly from 0 on; Gaussian, for each
  /// pixel and channel by itself.
  public var noise: Double
  /// The share of views in which a rectangle is replaced by pixels of any colour: random erasing (Zhong et al. 2017,
  /// arXiv:1708.04896, RE-R), of 2 to 33 % of the area, 0.3 to 3.3 times as high as wide, as torchvision has it.
  public var erasing: Double

  public init(blur: Double = 0, noise: Double = 0, erasing: Double = 0) {
    self.blur = blur
    self.noise = noise
    self.erasing = erasing
  }

  var isActive: Bool { self != RandomDefects() }
}

extension RandomDefects {
  func apply(to image: inout EditedImage, by chance: ViewChance) throws(ImageError) {
    if blur > 0 {
      var generator = chance.generator(.blur)
      let deviation = generator.uniform(0...blur)
      // Less than that is nothing in whole levels.
      if deviation > 0.1 { try image.blur(deviation) }
    }
    if noise > 0 {
      var (level, generator) = (chance.generator(.noiseLevel), chance.generator(.noise))
      image.addNoise(deviation: level.uniform(0...noise) * 255, using: &generator)
    }
    var generator = chance.generator(.erasing)
    if erasing > 0, Double(generator.nextUniform()) < erasing {
      let part = Self.erased(ofWidth: image.width, height: image.height, using: &generator)
      var pixels = chance.generator(.erasedPixels)
      if let part { image.fill(part, using: &pixels) }
    }
  }

  /// torchvision's `RandomErasing.get_params`: the first of ten rectangles that is smaller than the image; nil where none is.
  static func erased(ofWidth width: Int, height: Int, using generator: inout SeededGenerator) -> PixelRectangle? {
    for _ in 0..<10 {
      let area = Double(width * height) * generator.uniform(0.02...0.33)
      let ratio = exp(generator.uniform(log(0.3)...log(3.3)))
      let (high, wide) = (
        Int((area * ratio).squareRoot().rounded(.toNearestOrEven)),
        Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
      )
      guard (1..<height).contains(high), (1..<width).contains(wide) else { continue }
      return PixelRectangle(
        left: .random(in: 0...width - wide, using: &generator), top: .random(in: 0...height - high, using: &generator),
        width: wide, height: high)
    }
    return nil
  }
}

extension EditedImage {
  /// - Parameter deviation: in levels of 0…255.
  mutating func addNoise(deviation: Double, using generator: inout SeededGenerator) {
    // Five numbers of twelve bits from each draw.
    let scaled = NormalQuantiles.values.map { $0 * Float(deviation) }
    pixels.withUnsafeMutableBufferPointer { pixels in
      scaled.withUnsafeBufferPointer { scaled in
        var (bits, left) = (UInt64(0), 0)
        for index in pixels.indices {
          if left == 0 { (bits, left) = (generator.next(), 5) }
          let value = Float(pixels[index]) + scaled[Int(truncatingIfNeeded: bits & 4095)] + 0.5
          pixels[index] = UInt8(min(max(value, 0), 255))
          bits >>= 12
          left -= 1
        }
      }
    }
  }

  /// Replaces a part by bytes of any value.
  mutating func fill(_ part: PixelRectangle, using generator: inout SeededGenerator) {
    for row in part.top..<part.top + part.height {
      let start = (row * width + part.left) * 3
      for index in start..<start + part.width * 3 { pixels[index] = UInt8(truncatingIfNeeded: generator.next() >> 56) }
    }
  }
}

/// 4096 numbers, one of each equally probable part of the normal distribution.
private enum NormalQuantiles {
  static let values: [Float] = {
    // The density summed up in small steps: no inverse of the error function is at hand.
    let (count, step) = (4096, 1e-4)
    var values: [Float] = []
    values.reserveCapacity(count)
    var (x, probability) = (-6.0, 0.0)
    while values.count < count {
      let wanted = (Double(values.count) + 0.5) / Double(count)
      while probability < wanted, x < 6 {
        probability += step * exp(-(x + step / 2) * (x + step / 2) / 2) / (2 * .pi).squareRoot()
        x += step
      }
      values.append(Float(x))
    }
    return values
  }()
}
