import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors

/// A classifier with all that it takes to use it: network, numbers, classes, and what is done to images before.
public struct TrainedModel: Sendable {
  /// From images to class probabilities.
  public var graph: LayerGraph
  public var parameters: Parameters
  /// In the order of the probabilities.
  public var classes: [String]
  /// The nodes that were put on the backbone; they always train.
  public var head: Set<String>
  public var view: EvaluationView
  public var preprocessing: Preprocessing

  public init(
    graph: LayerGraph, parameters: Parameters, classes: [String], head: Set<String>, view: EvaluationView,
    preprocessing: Preprocessing
  ) {
    self.graph = graph
    self.parameters = parameters
    self.classes = classes
    self.head = head
    self.view = view
    self.preprocessing = preprocessing
  }
}

/// What a model makes of one image.
public struct Prediction: Sendable {
  public struct Guess: Hashable, Sendable {
    public let label: String
    /// 0…1; all classes together make 1.
    public let probability: Float
  }

  public let sample: Sample
  /// All classes, the most probable first.
  public let guesses: [Guess]
  /// In the order of the model's classes.
  public let probabilities: [Float]

  init(sample: Sample, probabilities: [Float], classes: [String]) {
    self.sample = sample
    self.probabilities = probabilities
    let ranking = ClassRanking(scores: probabilities).top(classes.count)
    guesses = ranking.map { Guess(label: classes[$0], probability: probabilities[$0]) }
  }
}

extension TrainedModel {
  /// Classifies images.
  ///
  /// - Parameters:
  ///   - precision: what convolutions and dense layers multiply; of a run, `PrecisionChoice.ofRun` tells its own.
  ///   - isStrict: whether an unreadable image is an error instead of being skipped.
  ///   - report: called after each batch.
  /// - Returns: a prediction for each readable image, in the order given, and the images that were skipped.
  public func predict(
    _ samples: [Sample], precision: Precision = .float32, isStrict: Bool = false,
    report: @escaping @Sendable (WorkProgress) -> Void = { _ in }
  ) async throws -> (predictions: [Prediction], skipped: [SkippedImage]) {
    try await EngineActor.run {
      let batch = InferenceProgram.batch(forOnly: samples.count)
      // Decoding begins with the iterator, while the network is compiled.
      var loader = ImageLoader(
        samples: samples, view: view, preprocessing: preprocessing, batch: batch, strict: isStrict
      ).makeAsyncIterator()
      let program = try InferenceProgram(
        graph, parameters: parameters, batch: batch, precision: precision, isReloadable: false,
        startsQuickly: samples.count <= InferenceProgram.quickStartLimit)
      var predictions: [Prediction] = []
      var skipped: [SkippedImage] = []
      var clock = ProgressClock()
      clock.begin(.validating, total: samples.count)
      while let images = try await loader.next() {
        try Task.checkCancellation()
        skipped += images.skipped
        guard !images.samples.isEmpty else { continue }
        let rows = try program.run(images.images).floats
        for (row, sample) in images.samples.enumerated() {
          let probabilities = Array(rows[row * classes.count..<(row + 1) * classes.count])
          predictions.append(Prediction(sample: sample, probabilities: probabilities, classes: classes))
        }
        report(clock.progress(predictions.count + skipped.count))
      }
      return (predictions, skipped)
    }
  }
}
