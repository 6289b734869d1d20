import GraftEngine
import GraftImages

/// A view of all images, looked up or computed once.
extension FrontierSource {
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
}
