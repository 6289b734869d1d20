import GraftEngine
import GraftImages
import GraftTensors

/// Activations at the frontier for one batch of images.
struct FrontierBatch {
  /// By the name of the frontier tensor: `[n, …]`.
  let inputs: [String: Tensor]
  let samples: [Sample]
  /// How the images were mixed with each other; nil for images as they are.
  var mixture: BatchMixture?
  /// How many of the indices that were asked for are done with this batch, those of unreadable images included.
  let consumed: Int
}

/// Batches of a view, from wherever it is remembered.
extension FrontierSource {
  /// Visits the images of the given indices into `samples`, in that order, in batches.
  ///
  /// - Parameter mix: how a batch's images are mixed before anything sees them; only where nothing is remembered.
  func forEachBatch(
    of order: [Int], view number: Int = 0, size: Int, skip: (SkippedImage) -> Void = { _ in },
    mix: (ImageBatch) -> BatchMixture? = { _ in nil }, _ body: (FrontierBatch) throws -> Void
  ) async throws {
    let before = skipped.count
    let keyed = try viewNumbered(number)
    if isRecomputed {
      // What is left of an epoch may be unreadable altogether.
      for try await batch in loaderFor(order.map { samples[$0] }, keyed.view, size, order.count < samples.count) {
        note(batch.skipped, skip)
        guard let last = batch.indices.last else { continue }
        let mixture = mix(batch)
        let images = mixture?.mixed(batch.images) ?? batch.images
        try body(
          FrontierBatch(
            inputs: activations(of: images), samples: batch.samples, mixture: mixture, consumed: last + 1))
      }
    } else {
      for part in order.indices.parts(of: size) {
        let batch = try await batch(of: Array(order[part]), through: part.upperBound, (number, keyed), skip)
        if let batch { try body(batch) }
        // Lets a cancellation or another caller in.
        await Task.yield()
      }
    }
    if skipped.count > before {
      let unreadable = Set(skipped[before...].map(\.sample))
      keep(samples.indices.filter { !unreadable.contains(samples[$0]) })
    }
  }

  /// What is remembered of the images; nil where they have all become unreadable.
  private func batch(
    of indices: [Int], through end: Int, _ view: (number: Int, keyed: KeyedView), _ skip: (SkippedImage) -> Void
  ) async throws -> FrontierBatch? {
    guard let remembered = views[view.number] else { return nil }
    if let rows = rows(of: indices, view: view.number) {
      return FrontierBatch(inputs: rows, samples: indices.map { samples[$0] }, consumed: end)
    }
    var found = await store?.rows(of: indices.map { remembered.keys[$0] }) ?? []
    try await restore(indices, of: view, in: &found, skip)
    let whole = zip(indices, found).compactMap { index, row in row.map { (index, $0) } }
    guard !whole.isEmpty else { return nil }
    var inputs: [String: Tensor] = [:]
    for (name, shape) in zip(layout.names, layout.shapes) {
      var rows = TensorRows(rowShape: shape, capacity: whole.count)
      for (_, row) in whole { if let tensor = row[name] { rows.append(tensor) } }
      inputs[name] = rows.gathered(0..<rows.count)
    }
    return FrontierBatch(inputs: inputs, samples: whole.map { samples[$0.0] }, consumed: end)
  }

  /// Computes what the disk has lost since it was written.
  private func restore(
    _ indices: [Int], of view: (number: Int, keyed: KeyedView), in found: inout [FrontierRow?],
    _ skip: (SkippedImage) -> Void
  ) async throws {
    let lost = found.indices.filter { found[$0] == nil }
    guard !lost.isEmpty else { return }
    let loader = loaderFor(
      lost.map { samples[indices[$0]] }, view.keyed.view, InferenceProgram.preferredBatch, true)
    for try await batch in loader {
      note(batch.skipped, skip)
      guard !batch.samples.isEmpty else { continue }
      let activations = try activations(of: batch.images)
      let keys = batch.fingerprints.map { ImageKey(content: $0, view: view.keyed) }
      store?.append(activations, keys: keys)
      for (row, index) in batch.indices.enumerated() {
        found[lost[index]] = activations.mapValues { $0[rows: row..<row + 1] }
        views[view.number]?.keys[indices[lost[index]]] = keys[row]
      }
    }
  }

  /// What memory holds of a view of images, `[n, …]` by the name of the frontier tensor; nil where it holds nothing.
  ///
  /// - Parameter indices: into `samples`.
  func rows(of indices: [Int], view: Int) -> [String: Tensor]? {
    guard let remembered = views[view], retention == .memory else { return nil }
    return remembered.rows.mapValues { $0.gathered(indices.map { remembered.positions[$0] }) }
  }
}
