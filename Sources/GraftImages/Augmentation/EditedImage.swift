import CImaging

/// An image whose pixels change in place.
struct EditedImage {
  let width: Int
  let height: Int
  /// As `RGBImage.pixels`.
  var pixels: [UInt8]

  init(_ image: RGBImage) {
    (width, height, pixels) = (image.width, image.height, image.pixels)
  }

  var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

  var count: Int { width * height }

  /// The mean of red, green and blue, 0…255.
  var meanColor: SIMD3<Double> {
    var sums: [UInt64] = [0, 0, 0]
    imaging_channel_sums(pixels, count, &sums)
    return SIMD3(Double(sums[0]), Double(sums[1]), Double(sums[2])) / Double(count)
  }

  var histograms: [UInt32] {
    var counts = [UInt32](repeating: 0, count: 768)
    imaging_histograms(pixels, count, &counts)
    return counts
  }

  mutating func apply(_ matrix: ColorMatrix) {
    guard matrix != .identity else { return }
    imaging_apply_matrix(&pixels, count, matrix.numbers)
  }

  mutating func apply(_ tables: ColorTables) {
    imaging_apply_tables(&pixels, count, tables.entries)
  }

  mutating func sharpen(_ factor: Double) {
    var sharpened = pixels
    imaging_sharpen(pixels, Int32(width), Int32(height), Float(factor), &sharpened)
    pixels = sharpened
  }

  /// - Parameter deviation: of the Gaussian, in pixels.
  mutating func blur(_ deviation: Double) throws(ImageError) {
    let status = imaging_blur(&pixels, Int32(width), Int32(height), deviation)
    guard status == IMAGING_READ else { throw .outOfMemoryResizing(width: width, height: height) }
  }

  /// Rows of pixels from right to left.
  mutating func mirror() {
    pixels = mirrored(pixels, width: width, channels: 3)
  }

  /// The last row first.
  mutating func turnUpsideDown() {
    pixels = upsideDown(pixels, rowLength: width * 3)
  }
}

/// Rows of pixels from right to left.
func mirrored<Element>(_ values: [Element], width: Int, channels: Int) -> [Element] {
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

/// The last row first.
func upsideDown<Element>(_ values: [Element], rowLength: Int) -> [Element] {
  var result: [Element] = []
  result.reserveCapacity(values.count)
  for start in stride(from: values.count - rowLength, through: 0, by: -rowLength) {
    result += values[start..<start + rowLength]
  }
  return result
}
