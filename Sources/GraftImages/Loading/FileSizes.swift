import Foundation

/// How large the files of photographs are. Of very many, some thousands are looked at, spread evenly.
public struct FileSizes: Sendable {
  /// Places among the samples, and bytes; 0 for a file that is gone.
  let entries: [(sample: Int, bytes: Int)]

  public init(of samples: [Sample]) {
    let step = max(samples.count / Self.mostFiles, 1)
    entries = stride(from: 0, to: samples.count, by: step).map { index in
      (index, (try? samples[index].url.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0)
    }
  }

  private static let mostFiles = 4096

  /// Bytes of one, on average; 0 of none.
  public var mean: Double {
    entries.reduce(0) { $0 + Double($1.bytes) } / Double(max(entries.count, 1))
  }
}
