import GraftEngine
import GraftGraph
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

/// The frozen prefix of a network over a set of images: run once for each view of an image that an epoch asks for, and
/// remembered where memory or the frontier cache allow, otherwise anew whenever a batch is asked for.
@EngineActor
final class FrontierSource {
  typealias Decoder = (_ samples: [Sample], _ view: any ImageView, _ batch: Int, _ allowsNone: Bool) -> ImageLoader

  private let loaderFor: Decoder
  private let viewNumbered: (Int) throws -> KeyedView
  private let prefix: FrozenPrefix?
  private let layout: FrontierLayout
  private let store: FrontierStore?
  let retention: CachePlan.Place
  /// By number, the views that have been prepared.
  private(set) var views: [Int: RememberedView] = [:]
  /// For each of `samples`, the SHA-256 of its file; empty without a store.
  private var contents: [[UInt8]?] = []
  /// For each of `samples`, whether an earlier training has done all views that were asked for.
  private var isRemembered: [Bool] = []
  /// The readable images.
  private(set) var samples: [Sample] { didSet { labelledCount = samples.count { !$0.targets.isEmpty } } }
  /// How many of them a label is known of: all but those of a target domain. Asked for in every step.
  private(set) var labelledCount: Int
  private(set) var skipped: [SkippedImage] = []

  /// - Parameters:
  ///   - prefix: what precedes the frontier; nil where the images themselves are the frontier.
  ///   - store: what earlier trainings have left, and this one leaves; nil for nothing.
  ///   - viewNumbered: the views that batches can be asked for.
  ///   - loaderFor: decodes and preprocesses the given images in order.
  init(
    samples: [Sample], prefix: FrozenPrefix?, frontier: [LayerGraph.Node], retention: CachePlan.Place,
    store: FrontierStore?, viewNumbered: @escaping (Int) throws -> KeyedView, loaderFor: @escaping Decoder
  ) {
    self.samples = samples
    labelledCount = samples.count { !$0.targets.isEmpty }
    self.prefix = prefix
    self.retention = retention
    self.store = store
    self.viewNumbered = viewNumbered
    self.loaderFor = loaderFor
    layout = FrontierLayout(frontier)
  }

  /// Whether each epoch computes all activations anew: nothing holds them, or a disk that filled up holds only some.
  var isRecomputed: Bool { retention == .nowhere || retention == .disk && store?.isUsable != true }

  /// How many images an earlier training has done, in all views that were asked for so far.
  var remembered: Int { isRemembered.count { $0 } }

  /// How many rows memory holds, of all views together.
  var rowCount: Int { views.values.reduce(0) { $0 + $1.rowCount } }

  /// Finds the readable images, and prepares the first view of them.
  ///
  /// - Parameters:
  ///   - contents: the SHA-256 of each image's file; nil for one that cannot be read, empty without a store.
  ///   - report: called with the number of images done after each batch.
  func prepare(contents: [[UInt8]?], report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    self.contents = contents
    isRemembered = samples.map { _ in retention != .nowhere }
    try await prepare(view: 0, report: report, skip: skip)
  }

  /// Whether batches of a view cost no more than looking it up.
  func isPrepared(_ view: Int) -> Bool { isRecomputed || views[view] != nil }

  /// Remembers the activations of a view, unless that is done: first finds those that are remembered already, which need
  /// neither decoding nor the prefix, then computes the others. Images that cannot be read any more are forgotten.
  func prepare(view number: Int, report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    guard retention != .nowhere, views[number] == nil, number == 0 || !isRecomputed else { return }
    let keyed = try viewNumbered(number)
    var view = RememberedView(layout, capacity: retention == .memory ? samples.count : 0)
    var found = [Found?](repeating: nil, count: samples.count)
    if store != nil { try await recall(keyed, into: &view, &found, report) }
    for index in found.indices where found[index] == nil { isRemembered[index] = false }
    let missing = found.indices.filter { found[$0] == nil }
    try await compute(missing, of: keyed, into: &view, &found, report, skip)
    view.positions = found.map { $0?.position ?? 0 }
    if store != nil {
      for (index, image) in found.enumerated() { if let image { contents[index] = image.content } }
      view.keys = contents.map { ImageKey(content: $0 ?? Self.noContent, view: keyed) }
    }
    views[number] = view
    keep(found.indices.filter { found[$0] != nil })
  }

  /// An image's place in a view's rows, and the SHA-256 of the file that they are of, if there is a store.
  private typealias Found = (position: Int, content: [UInt8]?)

  /// Stands for the content of an image that will be forgotten.
  private static let noContent = [UInt8](repeating: 0, count: 32)

  private func recall(
    _ keyed: KeyedView, into view: inout RememberedView, _ found: inout [Found?], _ report: (Int) -> Void
  ) async throws {
    guard let store else { return }
    let keys = contents.map { content in content.map { ImageKey(content: $0, view: keyed) } }
    if retention == .disk {
      // They are read when they are needed.
      for (index, key) in keys.enumerated() {
        found[index] = key.flatMap { store.contains($0) ? (0, contents[index]) : nil }
      }
      return report(found.count { $0 != nil })
    }
    var count = 0
    for part in keys.indices.parts(of: min(max((16 << 20) / max(layout.byteCount, 1), 1), 256)) {
      try Task.checkCancellation()
      for (index, row) in zip(part, await store.rows(of: Array(keys[part]))) {
        guard let row else { continue }
        found[index] = (view.rowCount, contents[index])
        view.append(row)
        count += 1
      }
      report(count)
    }
  }

  private func compute(
    _ missing: [Int], of keyed: KeyedView, into view: inout RememberedView, _ found: inout [Found?],
    _ report: (Int) -> Void, _ skip: (SkippedImage) -> Void
  ) async throws {
    guard !missing.isEmpty else { return }
    var done = found.count { $0 != nil }
    let allowsNone = done > 0 || !views.isEmpty
    let loader = loaderFor(missing.map { samples[$0] }, keyed.view, InferenceProgram.preferredBatch, allowsNone)
    for try await batch in loader {
      try Task.checkCancellation()
      note(batch.skipped, skip)
      let start = view.rowCount
      for (row, index) in batch.indices.enumerated() {
        // The file may have changed since it was looked up: the key is that of the bytes that were decoded.
        found[missing[index]] = (start + row, batch.fingerprints.isEmpty ? nil : batch.fingerprints[row])
      }
      if !batch.samples.isEmpty, retention == .memory || store?.isUsable == true {
        let activations = try activations(of: batch.images)
        if retention == .memory { view.append(activations) }
        store?.append(activations, keys: batch.fingerprints.map { ImageKey(content: $0, view: keyed) })
      }
      done += batch.samples.count + batch.skipped.count
      report(done)
    }
  }

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

  private func note(_ images: [SkippedImage], _ skip: (SkippedImage) -> Void) {
    skipped += images
    images.forEach(skip)
  }

  /// Forgets all other images, which can no longer be read.
  func keep(_ indices: [Int]) {
    guard indices.count < samples.count else { return }
    samples = indices.map { samples[$0] }
    if !contents.isEmpty { contents = indices.map { contents[$0] } }
    if !isRemembered.isEmpty { isRemembered = indices.map { isRemembered[$0] } }
    for number in views.keys { views[number]?.keep(indices) }
  }

  private func activations(of images: Tensor) throws -> [String: Tensor] {
    guard let prefix else { return [layout.names[0]: images] }
    return try prefix.activations(of: images)
  }
}
