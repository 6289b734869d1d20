import Foundation
import GraftGraph
import GraftTensors

/// Batches of photographs, decoded ahead of whoever consumes them, on threads of its own.
///
/// Order and contents depend on the samples alone, not on threads or timing. Every batch but the last has `batch`
/// images: an unreadable file is reported with the batch that it would have been in, and the next readable one takes
/// its place. Each iteration starts anew; its threads end with it, also when it is left before its end or its task is
/// cancelled.
///
///     for try await batch in ImageLoader(samples: samples, view: view, preprocessing: .caffe, batch: 16) {
///       for image in batch.skipped { print("skipped", image) }
///     }
public struct ImageLoader: AsyncSequence, Sendable {
  public typealias Element = ImageBatch

  public let samples: [Sample]
  public let view: any ImageView
  public let preprocessing: Preprocessing
  public let batch: Int
  public let threads: Int
  /// Whether the first unreadable file ends the iteration with an error instead of being skipped.
  public let strict: Bool
  /// Whether it is no error that not one file can be read: a batch without images then tells of the skipped ones.
  public let allowsNone: Bool
  /// Tells files apart by their bytes: called with those from which an image is decoded, even where the file changes
  /// while it is being read.
  public let fingerprint: (@Sendable (Data) -> [UInt8])?

  /// - Parameters:
  ///   - batch: images a batch, at least 1.
  ///   - threads: how many files are decoded at once; nil means one for each processor.
  public init(
    samples: [Sample], view: any ImageView, preprocessing: Preprocessing, batch: Int, threads: Int? = nil,
    strict: Bool = false, allowsNone: Bool = false, fingerprint: (@Sendable (Data) -> [UInt8])? = nil
  ) {
    precondition(batch > 0, "batches of \(batch) images")
    precondition(threads ?? 1 > 0, "\(threads ?? 0) threads")
    self.samples = samples
    self.view = view
    self.preprocessing = preprocessing
    self.batch = batch
    self.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    self.strict = strict
    self.allowsNone = allowsNone
    self.fingerprint = fingerprint
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(loader: self)
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    private let loader: ImageLoader
    private let decoding: Decoding
    private var position = 0
    private var hasDelivered = false
    private var firstSkipped: SkippedImage?

    /// What decodes ahead of this iterator.
    var pipeline: DecodingPipeline<DecodedImage> { decoding.pipeline }

    init(loader: ImageLoader) {
      self.loader = loader
      decoding = Decoding(loader)
    }

    /// The next batch, or nil after the last.
    ///
    /// - Throws: `DatasetError.unreadableImage` when the loader is strict; `DatasetError.noReadableImage` where all files
    ///   were skipped, unless it allows that; `CancellationError` when the task is cancelled.
    public mutating func next() async throws -> ImageBatch? {
      var images: [DecodedImage] = []
      var indices: [Int] = []
      var skipped: [SkippedImage] = []
      while position < loader.samples.count {
        let outcome = try await pipeline.outcome(at: position)
        switch outcome {
        case .success where images.count == loader.batch:
          return deliver(images, indices, skipped)
        case .success(let image):
          images.append(image)
          indices.append(position)
        case .failure(let reason):
          // Also when the batch is full: nothing may follow that could report it.
          try note(reason, in: &skipped)
        }
        pipeline.release(position)
        position += 1
      }
      if !images.isEmpty { return deliver(images, indices, skipped) }
      if !hasDelivered, let first = firstSkipped {
        if loader.allowsNone { return deliver(images, indices, skipped) }
        throw DatasetError.noReadableImage(
          count: loader.samples.count, path: first.sample.path, reason: first.reason)
      }
      return nil
    }

    private mutating func note(_ reason: ImageError, in skipped: inout [SkippedImage]) throws {
      let image = SkippedImage(sample: loader.samples[position], reason: reason)
      if loader.strict {
        pipeline.stop()
        throw DatasetError.unreadableImage(path: image.sample.path, reason: reason)
      }
      skipped.append(image)
      if firstSkipped == nil { firstSkipped = image }
    }

    private mutating func deliver(_ images: [DecodedImage], _ indices: [Int], _ skipped: [SkippedImage]) -> ImageBatch {
      hasDelivered = true
      let view = loader.view
      let shape = Shape([view.height, view.width, loader.preprocessing.channelOrder.count])
      let stored = Tensor(uninitialized: shape.batched(images.count)) { bytes in
        let floats = bytes.bindMemory(to: Float.self)
        for (row, image) in images.enumerated() {
          let target = UnsafeMutableBufferPointer(
            rebasing: floats[row * shape.count..<(row + 1) * shape.count])
          _ = target.initialize(fromContentsOf: image.values)
        }
      }
      return ImageBatch(
        images: stored.permuted([0, 3, 1, 2]), samples: indices.map { loader.samples[$0] }, indices: indices,
        fingerprints: images.compactMap(\.fingerprint), skipped: skipped)
    }
  }

  /// Ends the threads when the last copy of an iterator goes.
  final class Decoding: Sendable {
    let pipeline: DecodingPipeline<DecodedImage>

    init(_ loader: ImageLoader) {
      let (samples, view, preprocessing) = (loader.samples, loader.view, loader.preprocessing)
      let fingerprint = loader.fingerprint
      // A burst of decoding should be long beside its end, when threads wait for the last to finish.
      let lookAhead = Swift.max(2 * loader.batch, 8 * loader.threads)
      pipeline = DecodingPipeline(
        count: samples.count, lookAhead: lookAhead, threads: loader.threads
      ) { index throws(ImageError) in
        // Decoding pauses while the network computes; the disk need not.
        if index + lookAhead < samples.count { samples[index + lookAhead].announce() }
        let content = try samples[index].content()
        return DecodedImage(
          values: try view.values(of: ImageDecoder.decode(content), from: content, preprocessing: preprocessing),
          fingerprint: fingerprint?(content))
      }
    }

    deinit { pipeline.stop() }
  }
}

/// One image as the pipeline hands it over.
struct DecodedImage: Sendable {
  /// `[height, width, channels]`.
  let values: [Float]
  let fingerprint: [UInt8]?
}
