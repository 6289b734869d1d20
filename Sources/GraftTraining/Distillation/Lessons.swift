import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors

/// What a teacher says of the training images: its logits, computed once for each view of each.
///
/// The teacher is a network that is frozen up to its logits, so lessons are activations at a frontier as any: remembered in memory,
/// where they are a few bytes an image, and in the frontier cache where there is room beside the student's own. The teacher sees an image
/// in its own size and preprocessing, but by the same draws of the augmentation: these depend on seed, number of the view and
/// bytes of the file, and all that moves the image is drawn in shares of its size.
@EngineActor
final class Lessons {
  private let source: FrontierSource
  private let store: FrontierStore?
  private let output: String
  /// For each class of the student, the teacher's output.
  private let columns: [Int]
  private let views: Int
  private let photographs: PhotographHashes
  private let viewNumbered: (Int) throws -> KeyedView
  private var places: [Sample: Int] = [:]

  /// - Parameter photographs: the hashes of the trainer's samples, where they have been asked for before.
  /// - Throws: `TrainingError.unsuitedTeacher`; `GraphError`.
  init(_ teacher: Teacher, _ trainer: Trainer, photographs: PhotographHashes? = nil) async throws {
    let (model, configuration) = (teacher.model, trainer.configuration)
    self.photographs = photographs ?? PhotographHashes(trainer)
    columns = try teacher.columns(for: trainer.model.tasks)
    let logits = try model.logits
    let node = try logits.node(logits.outputs[0])
    output = node.name
    let plans = try trainer.stages.map { try trainer.cachePlan(of: $0) }
    views = plans.map(\.views).max() ?? 1
    let bytes = RecordFile.byteCount(
      of: trainer.training.count * views, keyBytes: ImageKey.byteCount,
      payloadBytes: FrontierLayout([node]).byteCount)
    let own = plans.map(\.diskBytes).max() ?? 0
    if let cache = configuration.frontierCache, bytes <= cache.limit - own {
      store = await FrontierStore.open(cache, layout: FrontierLayout([node])) {
        try await FrontierContext(
          prefix: logits, parameters: model.parameters, frontier: [node], view: model.view,
          preprocessing: model.preprocessing, batch: InferenceProgram.preferredBatch,
          compute: teacher.precision.rawValue + " " + (ConvolutionAlgorithms.record?.identity ?? "direct"))
      }
    } else {
      store = nil
    }
    viewNumbered = { try configuration.view($0, of: model.view) }
    let fingerprint = store == nil ? nil : FrontierStore.fingerprint
    source = FrontierSource(
      samples: trainer.training,
      prefix: FrozenPrefix(logits, parameters: model.parameters, precision: teacher.precision),
      frontier: [node], retention: .memory, store: store, viewNumbered: viewNumbered
    ) { samples, view, batch, allowsNone in
      ImageLoader(
        samples: samples, view: view, preprocessing: model.preprocessing, batch: batch, strict: configuration.isStrict,
        allowsNone: allowsNone, fingerprint: fingerprint)
    }
  }

  /// Images that the teacher could not see, which the student must not learn from either.
  var unseen: Set<Sample> { Set(source.skipped.map(\.sample)) }

  /// Has the teacher look at a view of the training images, unless it has.
  ///
  /// - Parameter report: called with the number of images done.
  func prepare(view: Int, report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    if places.isEmpty {
      // Those of a target domain come after them.
      let contents = store == nil ? [] : try await Array(photographs.all().training.prefix(source.samples.count))
      if let store { try store.makeRoom(for: missing(contents, in: store)) }
      try await source.prepare(contents: contents, report: report, skip: skip)
    }
    try await source.prepare(view: view, report: report, skip: skip)
    places = Dictionary(zip(source.samples, source.samples.indices), uniquingKeysWith: { first, _ in first })
  }

  private func missing(_ contents: [[UInt8]?], in store: FrontierStore) throws -> Int {
    try (0..<views).reduce(0) { count, number in
      let view = try viewNumbered(number)
      return count
        + contents.count { content in content.map { !store.contains(ImageKey(content: $0, view: view)) } ?? false }
    }
  }

  /// The teacher's logits for images in a view, `[n, classes]`, in the order of the student's classes.
  ///
  /// - Precondition: the view is prepared, and the teacher could see the images.
  func logits(of samples: [Sample], view: Int) -> Tensor {
    let indices = samples.compactMap { places[$0] }
    guard indices.count == samples.count, let rows = source.rows(of: indices, view: view)?[output] else {
      preconditionFailure("images that no teacher has seen in the view \(view)")
    }
    let (numbers, width) = (rows.floats, columns.count)
    return Tensor(
      (0..<samples.count).flatMap { row in columns.map { numbers[row * width + $0] } }, shape: [samples.count, width])
  }
}
