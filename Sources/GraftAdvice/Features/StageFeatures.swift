import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors
import GraftTraining

/// What a frozen network makes of photographs, at the end of each of its stages: one pass, one row for each photograph.
public struct StageFeatures: Sendable {
  /// Of how many photographs features are taken where nobody says. The interval of an accuracy found on 2,000 is at most
  /// ± 2.2 points wide.
  public static let defaultLimit = 2000

  /// In the order of the network; the last is what its head reads.
  public let sources: [FeatureSource]
  /// One for each source.
  public let matrices: [FeatureMatrix]
  /// The photographs that features were taken of.
  public let samples: [Sample]
  public let skipped: [SkippedImage]
  /// Of how many they were chosen.
  public let available: Int
  /// For one photograph: reading and decoding, all threads at work.
  public let decodeSeconds: Double
  /// For one photograph: the network.
  public let computeSeconds: Double
  /// A few of the photographs as the network sees them, `[n, C, H, W]`.
  let images: Tensor

  /// Takes features of photographs, spread evenly over those given.
  ///
  /// - Parameters:
  ///   - limit: of how many at most.
  ///   - report: called after each batch.
  /// - Throws: `EngineError`; `DatasetError.noReadableImage`; `CancellationError`.
  @EngineActor
  public init(
    of model: TrainedModel, samples: [Sample], limit: Int = StageFeatures.defaultLimit,
    report: @Sendable (WorkProgress) -> Void = { _ in }
  ) async throws {
    let sources = try model.featureSources
    let graph = try model.pooled(sources)
    let chosen = Self.spread(samples, limit)
    var loader = ImageLoader(
      samples: chosen, view: model.view, preprocessing: model.preprocessing, batch: InferenceProgram.preferredBatch
    ).makeAsyncIterator()
    let program = try InferenceProgram(
      graph, parameters: model.parameters, batch: InferenceProgram.preferredBatch, isReloadable: false)
    var rows = graph.outputs.map { _ in [Float]() }
    var (seen, skipped): ([Sample], [SkippedImage]) = ([], [])
    var (decoding, computing) = (Duration.zero, Duration.zero)
    var kept: TensorRows?
    var clock = ProgressClock()
    clock.begin(.extracting, total: chosen.count)
    let watch = ContinuousClock()
    while true {
      try Task.checkCancellation()
      let start = watch.now
      guard let batch = try await loader.next() else { break }
      let decoded = watch.now
      skipped += batch.skipped
      if !batch.samples.isEmpty {
        let results = try program.run([graph.inputs[0].name: batch.images])
        for (index, output) in graph.outputs.enumerated() { rows[index] += results[output]?.floats ?? [] }
        seen += batch.samples
        if seen.count <= 2 * InferenceProgram.preferredBatch {
          if kept == nil { kept = TensorRows(rowShape: graph.inputs[0].shape, capacity: chosen.count) }
          kept?.append(batch.images)
        }
      }
      // The first batches warm up: threads, caches, generated code.
      if seen.count > 2 * InferenceProgram.preferredBatch || chosen.count <= 4 * InferenceProgram.preferredBatch {
        decoding += start.duration(to: decoded)
        computing += decoded.duration(to: watch.now)
      }
      report(clock.progress(seen.count + skipped.count))
    }
    let warmUp = chosen.count <= 4 * InferenceProgram.preferredBatch ? 0 : 2 * InferenceProgram.preferredBatch
    let timed = Double(max(seen.count - warmUp, 1))
    self.sources = sources
    matrices = zip(rows, graph.outputs).map { rows, output in
      FeatureMatrix(rows, width: max(graph[output]?.shape.count ?? 1, 1))
    }
    self.samples = seen
    self.skipped = skipped
    available = samples.count
    // What decoding takes goes by the size of files, and one of those that were timed may be many times larger than most.
    let (own, all) = (FileSizes(of: Array(seen.dropFirst(warmUp))).mean, FileSizes(of: samples).mean)
    decodeSeconds = decoding / .seconds(1) / timed * (own > 0 && all > 0 ? all / own : 1)
    computeSeconds = computing / .seconds(1) / timed
    images = kept.map { $0.gathered(0..<$0.count) } ?? Tensor(zeros: graph.inputs[0].shape.batched(1))
  }

  /// At most so many, evenly spread: files of one folder lie beside each other.
  private static func spread(_ samples: [Sample], _ limit: Int) -> [Sample] {
    let count = min(max(limit, 1), samples.count)
    return (0..<count).map { samples[$0 * samples.count / count] }
  }
}
