import GraftEngine
import GraftImages

extension TrainedModel {
  /// Works on images, batch by batch, as the model sees them.
  ///
  /// - Parameters:
  ///   - isStrict: whether an unreadable image is an error instead of being skipped.
  ///   - report: called after each batch.
  ///   - compile: makes what works on a batch, given how many images that may have. The first ones are being decoded meanwhile.
  /// - Returns: the images that were skipped.
  @EngineActor
  func look(
    at samples: [Sample], isStrict: Bool, report: @Sendable (WorkProgress) -> Void,
    _ compile: @EngineActor (_ batch: Int) throws -> @EngineActor (ImageBatch) throws -> Void
  ) async throws -> [SkippedImage] {
    let batch = InferenceProgram.batch(forOnly: samples.count)
    var loader = ImageLoader(
      samples: samples, view: view, preprocessing: preprocessing, batch: batch, strict: isStrict
    ).makeAsyncIterator()
    let work = try compile(batch)
    var skipped: [SkippedImage] = []
    var seen = 0
    var clock = ProgressClock()
    clock.begin(.validating, total: samples.count)
    while let images = try await loader.next() {
      try Task.checkCancellation()
      skipped += images.skipped
      guard !images.samples.isEmpty else { continue }
      try work(images)
      seen += images.samples.count
      report(clock.progress(seen + skipped.count))
    }
    return skipped
  }
}
