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

  /// A cut-out of an image as the network takes it: channels reordered, then `(x × scale − mean) ÷ standardDeviation`.
  func values(of image: RGBImage, croppedTo view: EvaluationView, left: Int, top: Int) -> [Float] {
    // A byte has 256 values: compute each result once.
    let tables = mean.indices.map { channel in
      (0..<256).map { (Float($0) * scale - mean[channel]) / standardDeviation[channel] }
    }
    let (isGray, sources) = (channelOrder == .gray, sourceChannels)
    let elementCount = view.width * view.height * tables.count
    return [Float](unsafeUninitializedCapacity: elementCount) { target, count in
      image.pixels.withUnsafeBufferPointer { pixels in
        for channel in tables.indices {
          var written = channel
          for row in top..<top + view.height {
            var read = (row * image.width + left) * 3
            tables[channel].withUnsafeBufferPointer { table in
              for _ in 0..<view.width {
                target[written] = table[isGray ? luma(pixels, at: read) : Int(pixels[read + sources[channel]])]
                written += tables.count
                read += 3
              }
            }
          }
        }
      }
      count = elementCount
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
