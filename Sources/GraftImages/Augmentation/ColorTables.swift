/// What becomes of each of the 256 values of red, green and blue: 768 bytes. Pillow's `ImageOps`, to the last bit.
struct ColorTables: Hashable {
  let entries: [UInt8]

  private init(everyChannel value: (Int) -> Int) {
    entries = (0..<768).map { UInt8(clamping: value($0 & 255)) }
  }

  /// - Parameter histograms: how often each value occurs, 256 numbers for each channel.
  private init(_ histograms: [UInt32], channel table: ([Int]) -> [Int]) {
    entries = (0..<3).flatMap { channel in
      table(histograms[channel * 256..<channel * 256 + 256].map(Int.init)).map { UInt8(clamping: $0) }
    }
  }

  static func posterized(bits: Int) -> ColorTables {
    let mask = ~(1 << (8 - bits) - 1)
    return ColorTables { $0 & mask }
  }

  static func solarized(threshold: Double) -> ColorTables {
    ColorTables { Double($0) < threshold ? $0 : 255 - $0 }
  }

  /// Each channel's least value to 0 and its greatest to 255.
  static func autocontrast(_ histograms: [UInt32]) -> ColorTables {
    ColorTables(histograms) { counts in
      guard let low = counts.firstIndex(where: { $0 > 0 }), let high = counts.lastIndex(where: { $0 > 0 }), low < high
      else { return Array(0..<256) }
      let scale = 255.0 / Double(high - low)
      let offset = -Double(low) * scale
      return (0..<256).map { Int(Double($0) * scale + offset) }
    }
  }

  /// Each channel's values spread so that all are about equally frequent.
  static func equalized(_ histograms: [UInt32]) -> ColorTables {
    ColorTables(histograms) { counts in
      let met = counts.filter { $0 > 0 }
      let step = (met.reduce(0, +) - (met.last ?? 0)) / 255
      guard met.count > 1, step > 0 else { return Array(0..<256) }
      var sum = step / 2
      return counts.map { count in
        defer { sum += count }
        return sum / step
      }
    }
  }
}
