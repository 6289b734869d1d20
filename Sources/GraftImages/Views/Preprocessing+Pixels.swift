import GraftGraph

extension Preprocessing {
  /// For each of the result's channels, the channel of RGB that it is; all three make grey.
  private var sourceChannels: [Int] {
    switch channelOrder {
    case .rgb: [0, 1, 2]
    case .bgr: [2, 1, 0]
    case .gray: [0]
    }
  }

  /// An image as the network takes it: channels reordered, then `(x × scale − mean) ÷ standardDeviation`.
  func values(of image: RGBImage) -> [Float] {
    // A byte has 256 values: compute each result once.
    let tables = mean.indices.flatMap { channel in
      (0..<256).map { (Float($0) * scale - mean[channel]) / standardDeviation[channel] }
    }
    let pixelCount = image.width * image.height
    let sources = sourceChannels
    return [Float](unsafeUninitializedCapacity: pixelCount * sources.count) { target, count in
      image.pixels.withUnsafeBufferPointer { pixels in
        tables.withUnsafeBufferPointer { table in
          guard channelOrder != .gray else {
            for pixel in 0..<pixelCount { target[pixel] = table[luma(pixels, at: pixel * 3)] }
            return
          }
          let (first, second, third) = (sources[0], sources[1], sources[2])
          for start in stride(from: 0, to: pixelCount * 3, by: 3) {
            target[start] = table[Int(pixels[start + first])]
            target[start + 1] = table[256 + Int(pixels[start + second])]
            target[start + 2] = table[512 + Int(pixels[start + third])]
          }
        }
      }
      count = pixelCount * sources.count
    }
  }

  /// A pixel's brightness in Pillow's integers: shares of 65,536, rounded.
  private func luma(_ pixels: UnsafeBufferPointer<UInt8>, at red: Int) -> Int {
    (19595 * Int(pixels[red]) + 38470 * Int(pixels[red + 1]) + 7471 * Int(pixels[red + 2]) + 0x8000) >> 16
  }

  /// The same for interleaved RGB values that are floating-point already.
  func apply(to values: [Float]) -> [Float] {
    if channelOrder == .gray {
      return stride(from: 0, to: values.count, by: 3).map { pixel in
        let luma = 0.299 * values[pixel] + 0.587 * values[pixel + 1] + 0.114 * values[pixel + 2]
        return (luma * scale - mean[0]) / standardDeviation[0]
      }
    }
    let sources = sourceChannels
    var result = values
    result.withUnsafeMutableBufferPointer { result in
      for pixel in stride(from: 0, to: result.count, by: 3) {
        for channel in 0..<3 {
          result[pixel + channel] =
            (values[pixel + sources[channel]] * scale - mean[channel]) / standardDeviation[channel]
        }
      }
    }
    return result
  }
}
