import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

/// Activations at the frontier for one batch of images.
struct FrontierBatch {
  /// By the name of the frontier tensor: `[n, …]`.
  let inputs: [String: Tensor]
  let labels: [Int]
}

/// The frozen prefix of a network over a set of images: run once for each image and remembered where memory allows,
/// otherwise anew whenever a batch is asked for.
@EngineActor
final class FrontierSource {
  private let loaderFor: ([Sample]) -> ImageLoader
  private let prefix: InferenceProgram?
  private let frontier: [String]
  private let isCached: Bool
  private var rows: [String: TensorRows] = [:]
  /// The readable images.
  private(set) var samples: [Sample]
  private(set) var skipped: [SkippedImage] = []

  /// - Parameters:
  ///   - prefix: what precedes the frontier; nil where the images themselves are the frontier.
  ///   - isCached: whether activations are remembered.
  ///   - loaderFor: decodes and preprocesses the given images in order.
  init(
    samples: [Sample], prefix: InferenceProgram?, frontier: [LayerGraph.Node], isCached: Bool,
    loaderFor: @escaping ([Sample]) -> ImageLoader
  ) {
    self.samples = samples
    self.prefix = prefix
    self.frontier = frontier.map(\.name)
    self.isCached = isCached
    self.loaderFor = loaderFor
    if isCached {
      for node in frontier { rows[node.name] = TensorRows(rowShape: node.shape, capacity: samples.count) }
    }
  }

  /// Finds the readable images and remembers their activations.
  ///
  /// - Parameter report: called with the number of images done after each batch.
  func prepare(report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    guard isCached else { return }
    var readable: [Sample] = []
    var done = 0
    for try await batch in loaderFor(samples) {
      try Task.checkCancellation()
      note(batch.skipped, skip)
      if !batch.samples.isEmpty {
        for (name, tensor) in try activations(of: batch.images) { rows[name]?.append(tensor) }
      }
      readable += batch.samples
      done += batch.samples.count + batch.skipped.count
      report(done)
    }
    samples = readable
  }

  /// Visits the images of the given indices into `samples`, in that order, in batches.
  func forEachBatch(
    of order: [Int], size: Int, skip: (SkippedImage) -> Void = { _ in }, _ body: (FrontierBatch) throws -> Void
  ) async throws {
    if isCached {
      for start in stride(from: 0, to: order.count, by: size) {
        let indices = order[start..<min(start + size, order.count)]
        try body(
          FrontierBatch(inputs: rows.mapValues { $0.gathered(indices) }, labels: indices.map { label(samples[$0]) }))
        // Lets a cancellation or another caller in.
        await Task.yield()
      }
    } else {
      for try await batch in loaderFor(order.map { samples[$0] }) {
        note(batch.skipped, skip)
        guard !batch.samples.isEmpty else { continue }
        try body(FrontierBatch(inputs: activations(of: batch.images), labels: batch.samples.map(label)))
      }
      if !skipped.isEmpty {
        let unreadable = Set(skipped.map(\.sample))
        samples.removeAll { unreadable.contains($0) }
      }
    }
  }

  private func note(_ images: [SkippedImage], _ skip: (SkippedImage) -> Void) {
    skipped += images
    images.forEach(skip)
  }

  private func label(_ sample: Sample) -> Int { sample.label ?? 0 }

  private func activations(of images: Tensor) throws -> [String: Tensor] {
    guard let prefix, let input = prefix.graph.inputs.first else {
      return [frontier[0]: images]
    }
    return try prefix.runAll([input.name: images])
  }
}
