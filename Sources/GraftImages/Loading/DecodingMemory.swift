import Foundation

/// What decoding photographs holds at its most, as far as the largest files tell.
public enum DecodingMemory {
  /// As many of the largest files as there are threads, decoded at once, and the largest of them once more, while it is turned upright
  /// or made smaller.
  ///
  /// The files are decoded to find out.
  ///
  /// - Returns: bytes; what cannot be read counts nothing.
  public static func peak(of samples: [Sample], threads: Int = ProcessInfo.processInfo.activeProcessorCount) -> Int {
    let largest = FileSizes(of: samples).entries.sorted { $0.bytes > $1.bytes }.prefix(max(threads, 1))
    let decoded = largest.map { index, size in
      (try? ImageDecoder.decode(contentsOf: samples[index].url)).map { $0.pixels.count + size } ?? 0
    }
    return decoded.reduce(0, +) + (decoded.max() ?? 0)
  }
}
