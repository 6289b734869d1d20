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

/// The frozen prefix of a network over a set of images: run once for each image and remembered where memory or the
/// frontier cache allow, otherwise anew whenever a batch is asked for.
@EngineActor
final class FrontierSource {
  /// Where activations are between one epoch and the next.
  enum Retention {
    case memory
    /// In the frontier cache alone.
    case disk
    case none
  }

  private let loaderFor: (_ samples: [Sample], _ batch: Int, _ allowsNone: Bool) -> ImageLoader
  private let prefix: FrozenPrefix?
  private let layout: FrontierLayout
  private let store: FrontierStore?
  private let retention: Retention
  private var rows: [String: TensorRows] = [:]
  /// For each of `samples`, its position in `rows`.
  private var positions: [Int] = []
  /// For each of `samples`, its key in the store.
  private var keys: [ImageKey] = []
  /// The readable images.
  private(set) var samples: [Sample]
  private(set) var skipped: [SkippedImage] = []
  /// How many images an earlier training has done.
  private(set) var remembered = 0

  /// - Parameters:
  ///   - prefix: what precedes the frontier; nil where the images themselves are the frontier.
  ///   - store: what earlier trainings have left, and this one leaves; nil for nothing.
  ///   - loaderFor: decodes and preprocesses the given images in order.
  init(
    samples: [Sample], prefix: FrozenPrefix?, frontier: [LayerGraph.Node], retention: Retention, store: FrontierStore?,
    loaderFor: @escaping (_ samples: [Sample], _ batch: Int, _ allowsNone: Bool) -> ImageLoader
  ) {
    self.samples = samples
    self.prefix = prefix
    self.retention = retention
    self.store = store
    self.loaderFor = loaderFor
    layout = FrontierLayout(frontier)
    if retention == .memory {
      for node in frontier { rows[node.name] = TensorRows(rowShape: node.shape, capacity: samples.count) }
    }
  }

  /// Whether each epoch computes all activations anew: nothing holds them, or a disk that filled up holds only some.
  var isRecomputed: Bool { retention == .none || retention == .disk && store?.isUsable != true }

  /// Finds the readable images and remembers their activations: first those that are remembered already, which need
  /// neither decoding nor the prefix, then the others.
  ///
  /// - Parameters:
  ///   - known: the key of each image in the store; empty without one.
  ///   - report: called with the number of images done after each batch.
  func prepare(known: [ImageKey?], report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    guard retention != .none else { return }
    var found = [(position: Int, key: ImageKey?)?](repeating: nil, count: samples.count)
    if store != nil { try await recall(known, into: &found, report) }
    remembered = found.count { $0 != nil }
    let missing = found.indices.filter { found[$0] == nil }
    try await compute(missing, into: &found, report, skip)
    samples = found.indices.filter { found[$0] != nil }.map { samples[$0] }
    positions = found.compactMap { $0?.position }
    keys = found.compactMap { $0?.key }
  }

  private func recall(
    _ known: [ImageKey?], into found: inout [(position: Int, key: ImageKey?)?], _ report: (Int) -> Void
  ) async throws {
    guard let store else { return }
    if retention == .disk {
      // They are read when they are needed.
      for (index, key) in known.enumerated() { found[index] = key.flatMap { store.contains($0) ? (0, $0) : nil } }
      return report(found.count { $0 != nil })
    }
    var count = 0
    for part in known.indices.parts(of: min(max((16 << 20) / max(layout.byteCount, 1), 1), 256)) {
      try Task.checkCancellation()
      for (index, row) in zip(part, await store.rows(of: Array(known[part]))) {
        guard let row else { continue }
        found[index] = (rows.values.first?.count ?? 0, known[index])
        for (name, tensor) in row { rows[name]?.append(tensor) }
        count += 1
      }
      report(count)
    }
  }

  private func compute(
    _ missing: [Int], into found: inout [(position: Int, key: ImageKey?)?], _ report: (Int) -> Void,
    _ skip: (SkippedImage) -> Void
  ) async throws {
    guard !missing.isEmpty else { return }
    var done = remembered
    for try await batch in loaderFor(missing.map { samples[$0] }, InferenceProgram.preferredBatch, remembered > 0) {
      try Task.checkCancellation()
      note(batch.skipped, skip)
      // The file may have changed since it was looked up: the key is that of the bytes that were decoded.
      let keys = batch.fingerprints.map { ImageKey(bytes: $0) }
      let start = rows.values.first?.count ?? 0
      for (row, index) in batch.indices.enumerated() {
        found[missing[index]] = (start + row, keys.isEmpty ? nil : keys[row])
      }
      if !batch.samples.isEmpty, retention == .memory || store?.isUsable == true {
        let activations = try activations(of: batch.images)
        if retention == .memory { for (name, tensor) in activations { rows[name]?.append(tensor) } }
        store?.append(activations, keys: keys)
      }
      done += batch.samples.count + batch.skipped.count
      report(done)
    }
  }

  /// Visits the images of the given indices into `samples`, in that order, in batches.
  func forEachBatch(
    of order: [Int], size: Int, skip: (SkippedImage) -> Void = { _ in }, _ body: (FrontierBatch) throws -> Void
  ) async throws {
    let before = skipped.count
    if isRecomputed {
      for try await batch in loaderFor(order.map { samples[$0] }, size, false) {
        note(batch.skipped, skip)
        guard !batch.samples.isEmpty else { continue }
        try body(FrontierBatch(inputs: activations(of: batch.images), labels: batch.samples.map(label)))
      }
    } else {
      for part in order.indices.parts(of: size) {
        if let batch = try await batch(of: Array(order[part]), skip) { try body(batch) }
        // Lets a cancellation or another caller in.
        await Task.yield()
      }
    }
    if skipped.count > before { forget(Set(skipped[before...].map(\.sample))) }
  }

  /// What is remembered of the images; nil where they have all become unreadable.
  private func batch(of indices: [Int], _ skip: (SkippedImage) -> Void) async throws -> FrontierBatch? {
    if retention == .memory {
      let rows = rows.mapValues { $0.gathered(indices.map { positions[$0] }) }
      return FrontierBatch(inputs: rows, labels: indices.map { label(samples[$0]) })
    }
    var found = await store?.rows(of: indices.map { keys[$0] }) ?? []
    try await restore(indices, in: &found, skip)
    let whole = zip(indices, found).compactMap { index, row in row.map { (index, $0) } }
    guard !whole.isEmpty else { return nil }
    var inputs: [String: Tensor] = [:]
    for (name, shape) in zip(layout.names, layout.shapes) {
      var rows = TensorRows(rowShape: shape, capacity: whole.count)
      for (_, row) in whole { if let tensor = row[name] { rows.append(tensor) } }
      inputs[name] = rows.gathered(0..<rows.count)
    }
    return FrontierBatch(inputs: inputs, labels: whole.map { label(samples[$0.0]) })
  }

  /// Computes what the disk has lost since it was written.
  private func restore(_ indices: [Int], in found: inout [FrontierRow?], _ skip: (SkippedImage) -> Void) async throws {
    let lost = found.indices.filter { found[$0] == nil }
    guard !lost.isEmpty else { return }
    for try await batch in loaderFor(lost.map { samples[indices[$0]] }, InferenceProgram.preferredBatch, true) {
      note(batch.skipped, skip)
      guard !batch.samples.isEmpty else { continue }
      let activations = try activations(of: batch.images)
      store?.append(activations, keys: batch.fingerprints.map { ImageKey(bytes: $0) })
      for (row, index) in batch.indices.enumerated() {
        found[lost[index]] = activations.mapValues { $0[rows: row..<row + 1] }
        keys[indices[lost[index]]] = ImageKey(bytes: batch.fingerprints[row])
      }
    }
  }

  private func note(_ images: [SkippedImage], _ skip: (SkippedImage) -> Void) {
    skipped += images
    images.forEach(skip)
  }

  /// Leaves out images that could be read before.
  private func forget(_ unreadable: Set<Sample>) {
    let kept = samples.indices.filter { !unreadable.contains(samples[$0]) }
    if !keys.isEmpty { keys = kept.map { keys[$0] } }
    if !positions.isEmpty { positions = kept.map { positions[$0] } }
    samples = kept.map { samples[$0] }
  }

  private func label(_ sample: Sample) -> Int { sample.label ?? 0 }

  private func activations(of images: Tensor) throws -> [String: Tensor] {
    guard let prefix else { return [layout.names[0]: images] }
    return try prefix.activations(of: images)
  }
}
