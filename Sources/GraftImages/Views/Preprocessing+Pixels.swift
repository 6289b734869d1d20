import GraftGraph

extension Preprocessing {
  /// For each of the result's channels, the channel of RGB that it is.
  var sourceChannels: [Int] {
    switch channelOrder {
    case .rgb: [0, 1, 2]
    case .bgr: [2, 1, 0]
    }
  }

  /// A cut-out of an image as the network takes it: channels reordered, then `(x × scale − mean) ÷ standardDeviation`.
  func values(of image: RGBImage, croppedTo view: EvaluationView, left: Int, top: Int) -> [Float] {
    // A byte has 256 values: compute each result once.
    let sources = sourceChannels
    let tables = (0..<3).map { channel in
      (0..<256).map { (Float($0) * scale - mean[channel]) / standardDeviation[channel] }
    }
    return [Float](unsafeUninitializedCapacity: view.elementCount) { target, count in
      image.pixels.withUnsafeBufferPointer { pixels in
        for channel in 0..<3 {
          tables[channel].withUnsafeBufferPointer { table in
            var written = channel
            for row in top..<top + view.height {
              var read = (row * image.width + left) * 3 + sources[channel]
              for _ in 0..<view.width {
                target[written] = table[Int(pixels[read])]
                written += 3
                read += 3
              }
            }
          }
        }
      }
      count = view.elementCount
    }
  }

  /// The same for interleaved RGB values that are floating-point already.
  func apply(to values: inout [Float]) {
    let sources = sourceChannels
    values.withUnsafeMutableBufferPointer { values in
      for pixel in stride(from: 0, to: values.count, by: 3) {
        let (red, green, blue) = (values[pixel], values[pixel + 1], values[pixel + 2])
        let first = sources[0] == 0 ? red : blue
        let last = sources[0] == 0 ? blue : red
        values[pixel] = (first * scale - mean[0]) / standardDeviation[0]
        values[pixel + 1] = (green * scale - mean[1]) / standardDeviation[1]
        values[pixel + 2] = (last * scale - mean[2]) / standardDeviation[2]
      }
    }
  }
}
