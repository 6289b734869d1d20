import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors

/// A network with all that it takes to use it: numbers, what its outputs mean, and what is done to images before.
public struct TrainedModel: Sendable {
  /// From images to what its heads tell, one output for each task.
  public var graph: LayerGraph
  public var parameters: Parameters
  /// In the order of the graph's outputs.
  public var tasks: [PredictionTask]
  /// The nodes that were put on the backbone; they always train.
  public var head: Set<String>
  public var view: EvaluationView
  public var preprocessing: Preprocessing
  /// What learns beside layers of the network that hold still; nil where none does. Of a training under way only.
  public var adapters: LowRankAdapters?

  public init(
    graph: LayerGraph, parameters: Parameters, tasks: [PredictionTask], head: Set<String>, view: EvaluationView,
    preprocessing: Preprocessing
  ) {
    self.graph = graph
    self.parameters = parameters
    self.tasks = tasks
    self.head = head
    self.view = view
    self.preprocessing = preprocessing
  }

  /// A classifier, the usual case: one task.
  public init(
    graph: LayerGraph, parameters: Parameters, classes: [String], head: Set<String>, view: EvaluationView,
    preprocessing: Preprocessing
  ) {
    self.init(
      graph: graph, parameters: parameters, tasks: [.classification(classes: classes)], head: head, view: view,
      preprocessing: preprocessing)
  }

  /// The network without adapters, and what they have learnt in its kernels; itself where it has none.
  func merged() throws(GraphError) -> TrainedModel {
    guard let adapters else { return self }
    var merged = self
    merged.graph = try adapters.merged(graph)
    merged.parameters = adapters.merged(parameters)
    merged.adapters = nil
    return merged
  }

  /// The network with those adapters alone that stand beside some of the layers. The others must have learnt nothing.
  func keepingAdapters(beside layers: Set<String>) throws(GraphError) -> TrainedModel {
    guard let adapters, case let idle = adapters.layers.subtracting(layers), !idle.isEmpty else { return self }
    var other = self
    other.graph = try adapters.filtered(to: idle).merged(graph)
    other.adapters = adapters.filtered(to: layers)
    return other
  }

  /// What the first output's numbers are of, in their order: of a classifier, its classes.
  public var classes: [String] { tasks.first?.names ?? [] }

  /// The network up to what losses are of (`LayerGraph.logits(for:)`).
  public var logits: LayerGraph {
    get throws(GraphError) { try graph.logits(for: tasks) }
  }
}

/// What a model makes of one image.
public struct Prediction: Sendable {
  public struct Guess: Hashable, Sendable {
    public let label: String
    /// 0…1; all classes together make 1. Of a value, the value.
    public let probability: Float
  }

  public let sample: Sample
  public let tasks: [PredictionTask]
  /// For each task its numbers: probabilities of classes and of labels, and values as they are.
  public let outputs: [[Float]]

  /// - Precondition: as many outputs as tasks, each with as many numbers as its task has names.
  public init(sample: Sample, tasks: [PredictionTask], outputs: [[Float]]) {
    precondition(outputs.map(\.count) == tasks.map(\.names.count), "outputs of another shape than the tasks")
    self.sample = sample
    self.tasks = tasks
    self.outputs = outputs
  }

  /// The first task's numbers, in the order of the model's classes.
  public var probabilities: [Float] { outputs.first ?? [] }

  /// All classes of the first task, the most probable first.
  public var guesses: [Guess] { guesses(of: 0) }

  /// All classes or labels of a task, the most probable first; for values, those in their own order.
  public func guesses(of task: Int) -> [Guess] {
    let (names, numbers) = (tasks[task].names, outputs[task])
    if case .regression = tasks[task] { return zip(names, numbers).map { Guess(label: $0, probability: $1) } }
    return ClassRanking(scores: numbers).top(names.count).map { Guess(label: names[$0], probability: numbers[$0]) }
  }
}

extension TrainedModel {
  /// Tells of images what the model's tasks are.
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
      var predictions: [Prediction] = []
      let skipped = try await look(at: samples, isStrict: isStrict, report: report) { batch in
        let program = try InferenceProgram(
          graph, parameters: parameters, batch: batch, precision: precision, isReloadable: false,
          startsQuickly: samples.count <= InferenceProgram.quickStartLimit)
        return { images in
          let results = try program.run([program.graph.inputs[0].name: images.images])
          predictions += self.predictions(of: images.samples, results)
        }
      }
      return (predictions, skipped)
    }
  }

  /// - Parameter results: by the names of the graph's outputs, a row for each sample.
  func predictions(of samples: [Sample], _ results: [String: Tensor]) -> [Prediction] {
    let rows = graph.outputs.map { results[$0]?.floats ?? [] }
    return samples.enumerated().map { row, sample in
      let outputs = zip(rows, tasks).map { rows, task in
        Array(rows[row * task.names.count..<(row + 1) * task.names.count])
      }
      return Prediction(sample: sample, tasks: tasks, outputs: outputs)
    }
  }
}
