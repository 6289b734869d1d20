import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors

/// Where in an image a model sees what it tells: gradient-weighted class activation mapping, Selvaraju et al., arXiv:1610.02391.
///
/// Of a feature map A with channels k and of the score y, before softmax or sigmoid, each channel counts as much as the score
/// follows it, the mean over all places of ∂y/∂Aₖ; the map is what these weights make of A, its negative part left out. Where nothing
/// but a mean over all places and a dense layer follow A, these are that layer's weights: class activation mapping, arXiv:1512.04150.
public struct GradCAM: Sendable {
  public let model: TrainedModel
  /// The node whose feature map is weighed.
  public let layer: String
  private let before: LayerGraph
  private let after: LayerGraph
  private let answers: LayerGraph

  /// - Parameter layer: a node of `LayerGraph.featureMaps`; nil for the last.
  /// - Throws: `AttributionError` where the network has no such node.
  public init(_ model: TrainedModel, layer: String? = nil) throws {
    let maps = model.graph.featureMaps.map(\.name).filter { !model.head.contains($0) }
    guard let last = maps.last else { throw AttributionError.noFeatureMap }
    if let layer, !maps.contains(layer) { throw AttributionError.notAFeatureMap(layer: layer, some: maps.suffix(4)) }
    self.model = model
    self.layer = layer ?? last
    before = try model.graph.cut(at: [self.layer])
    after = try model.logits.suffix(after: [self.layer])
    answers = try model.graph.suffix(after: [self.layer])
  }

  /// What a model says of an image, and where it sees that.
  public struct Explanation: Sendable {
    public let prediction: Prediction
    /// What is explained: the position of a task, and in it that of a class, label or value.
    public let task, output: Int
    public let map: ActivationMap
  }

  /// - Parameters:
  ///   - samples: images.
  ///   - output: what of an image is to be explained, given what the model says of it; nil for what the first task says most
  ///     surely, of values for the first.
  ///   - precision: what the layers up to the feature map multiply in; what follows is float32.
  ///   - isStrict: whether an unreadable image is an error instead of being skipped.
  ///   - report: called after each batch.
  /// - Returns: an explanation for each readable image, in the order given, and the images that were skipped.
  public func explain(
    _ samples: [Sample], precision: Precision = .float32, isStrict: Bool = false,
    output: @escaping @Sendable (Prediction) -> (task: Int, output: Int)? = { _ in nil },
    report: @escaping @Sendable (WorkProgress) -> Void = { _ in }
  ) async throws -> (explanations: [Explanation], skipped: [SkippedImage]) {
    try await EngineActor.run {
      var explanations: [Explanation] = []
      let skipped = try await model.look(at: samples, isStrict: isStrict, report: report) { batch in
        let programs = try Programs(self, batch: batch, precision: precision, images: samples.count)
        return { explanations += try programs.explain($0, output) }
      }
      return (explanations, skipped)
    }
  }

  @EngineActor
  private struct Programs {
    private let method: GradCAM
    private let before, answers: InferenceProgram
    private let after: TrainingProgram

    init(_ method: GradCAM, batch: Int, precision: Precision, images: Int) throws {
      self.method = method
      let parameters = method.model.parameters
      let startsQuickly = images <= InferenceProgram.quickStartLimit
      before = try InferenceProgram(
        method.before, parameters: parameters, batch: batch, precision: precision, isReloadable: false,
        startsQuickly: startsQuickly)
      answers = try InferenceProgram(
        method.answers, parameters: parameters, batch: batch, isReloadable: false, startsQuickly: startsQuickly)
      after = try TrainingProgram(
        method.after, parameters: parameters, plan: FreezePlan(trainableLayers: []), batch: batch, seed: 0,
        differentiatesInputs: true)
    }

    func explain(
      _ images: ImageBatch, _ output: (Prediction) -> (task: Int, output: Int)?
    ) throws -> [Explanation] {
      let features = try before.run([before.graph.inputs[0].name: images.images])
      guard let map = features[method.layer] else { throw EngineError.missingInput(name: method.layer) }
      let predictions = method.model.predictions(of: images.samples, try answers.run(features))
      let chosen = predictions.map { output($0) ?? $0.surest }
      let gradients = try gradients(of: features, chosen)
      let (channels, places) = (map.shape[1], map.shape[2] * map.shape[3])
      return predictions.indices.map { row in
        let strengths = GradCAM.strengths(
          map[rows: row..<row + 1].floats, gradients[rows: row..<row + 1].floats, channels: channels, places: places)
        return Explanation(
          prediction: predictions[row], task: chosen[row].task, output: chosen[row].output,
          map: ActivationMap(rows: map.shape[2], columns: map.shape[3], strengths: strengths))
      }
    }

    private func gradients(of features: [String: Tensor], _ chosen: [(task: Int, output: Int)]) throws -> Tensor {
      let scores = try after.forward(features)
      let width = scores.shape[1]
      var seeds = [Float](repeating: 0, count: chosen.count * width)
      for (row, one) in chosen.enumerated() {
        let start = method.model.tasks[..<one.task].reduce(0) { $0 + $1.names.count }
        seeds[row * width + start + one.output] = 1
      }
      try after.backward(Tensor(seeds, shape: [chosen.count, width]))
      guard let gradient = try after.inputGradient(method.layer) else {
        throw EngineError.missingInput(name: method.layer)
      }
      return gradient
    }
  }

  /// - Parameters:
  ///   - map: of one image, `[channels, places]`.
  ///   - gradient: of the score with respect to it.
  /// - Returns: for each place, what speaks for the score.
  static func strengths(_ map: [Float], _ gradient: [Float], channels: Int, places: Int) -> [Float] {
    var strengths = [Float](repeating: 0, count: places)
    for channel in 0..<channels {
      let own = channel * places..<(channel + 1) * places
      let weight = gradient[own].reduce(0, +) / Float(places)
      for (place, element) in own.enumerated() { strengths[place] += weight * map[element] }
    }
    return strengths.map { max($0, 0) }
  }
}

extension Prediction {
  /// What the first task says most surely; values are not more or less sure, so of them the first.
  fileprivate var surest: (task: Int, output: Int) {
    if case .regression = tasks[0] { return (0, 0) }
    return (0, ClassRanking(scores: outputs[0]).best ?? 0)
  }
}
