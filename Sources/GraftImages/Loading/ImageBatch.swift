import GraftTensors

/// Photographs ready for a network.
public struct ImageBatch: Sendable {
  /// float32 `[n, channels, height, width]`, preprocessed; in memory channels lie innermost (NHWC), as decoding yields them.
  public let images: Tensor
  /// The sample of each image, in the same order.
  public let samples: [Sample]
  /// The position of each sample in the loader's `samples`.
  public let indices: [Int]
  /// What the loader's `fingerprint` makes of each image's file; empty where it has none.
  public let fingerprints: [[UInt8]]
  /// Files met on the way that cannot be read; they are in no batch.
  public let skipped: [SkippedImage]
}

/// A file that is no image that Graft can read, and why.
public struct SkippedImage: Hashable, Sendable, CustomStringConvertible {
  public let sample: Sample
  public let reason: ImageError

  /// `train/ants/broken.jpg: the file is empty (0 bytes): copy or download it again`.
  public var description: String { "\(sample.path): \(reason)" }
}
