import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors
import GraftTraining

/// How far what batch normalisations see of the photographs is from what they saw in the pretraining.
public struct NormalizationShift: Hashable, Sendable, Codable {
  /// Of how many photographs moments are taken: a mean over positions and 64 images is exact enough for a look.
  static let photographs = 64
  /// Of how many normalisations, spread evenly over the network.
  static let layers = 12

  public struct Layer: Hashable, Sendable, Codable {
    public let layer: String
    /// The mean over the channels of the symmetric Kullback-Leibler divergence, in nats.
    public let divergence: Double
  }

  /// In the order of the network.
  public let layers: [Layer]

  /// The median over the layers: one channel that hardly moved in the pretraining can make a layer's mean huge.
  public var median: Double { layers.map(\.divergence).sorted()[layers.count / 2] }

  init?(layers: [Layer]) {
    if layers.isEmpty { return nil }
    self.layers = layers
  }

  /// Compares the normalisations' stored moments with those of photographs.
  ///
  /// - Returns: nil where no normalisation of the backbone has moments of its own; in some files they were folded away.
  @EngineActor
  init?(of model: TrainedModel, samples: [Sample]) async throws {
    let all = model.graph.nodes.filter {
      $0.layer is BatchNormalization && !model.head.contains($0.name) && $0.shape.rank == 3
        && model.parameters.hasMoments(of: $0)
    }
    let count = min(Self.layers, all.count)
    let norms = (0..<count).map { all[$0 * all.count / count] }
    guard !norms.isEmpty else { return nil }
    var graph = model.graph
    var ends: [String] = []
    for (number, norm) in norms.enumerated() {
      try graph.add(Multiply("advice_square\(number)"), after: [norm.inputs[0], norm.inputs[0]])
      ends.append(try graph.add(GlobalAveragePooling2D("advice_mean\(number)"), after: [norm.inputs[0]]))
      ends.append(
        try graph.add(GlobalAveragePooling2D("advice_square_mean\(number)"), after: ["advice_square\(number)"]))
    }
    try graph.setOutputs(ends)
    graph = try graph.cut(at: ends)
    let program = try InferenceProgram(
      graph, parameters: model.parameters, batch: InferenceProgram.preferredBatch, isReloadable: false,
      startsQuickly: true)
    var sums = ends.map { [Double](repeating: 0, count: graph[$0]?.shape.count ?? 0) }
    var images = 0
    let chosen = (0..<min(Self.photographs, samples.count)).map {
      samples[$0 * samples.count / min(Self.photographs, samples.count)]
    }
    for try await batch in ImageLoader(
      samples: chosen, view: model.view, preprocessing: model.preprocessing, batch: program.batch)
    where !batch.samples.isEmpty {
      try Task.checkCancellation()
      let results = try program.run([graph.inputs[0].name: batch.images])
      for (index, end) in ends.enumerated() {
        for (place, value) in (results[end]?.floats ?? []).enumerated() {
          sums[index][place % sums[index].count] += Double(value)
        }
      }
      images += batch.samples.count
    }
    let layers: [Layer] = norms.enumerated().compactMap { number, norm in
      guard let stored = model.parameters.moments(of: norm), images > 0 else { return nil }
      let means = sums[2 * number].map { $0 / Double(images) }
      let variances = zip(sums[2 * number + 1], means).map { max($0 / Double(images) - $1 * $1, 0) }
      let shift = StatisticsShift(stored: stored, observed: ChannelMoments(means: means, variances: variances))
      return shift.meanDivergence.map { Layer(layer: norm.layer.name, divergence: $0) }
    }
    self.init(layers: layers)
  }
}

extension Parameters {
  /// What a batch normalisation keeps.
  fileprivate func moments(of node: LayerGraph.Node) -> ChannelMoments? {
    func numbers(_ role: ParameterSpecification.Role) -> [Double]? {
      node.parameters.first { $0.role == role }.flatMap { self[$0.name] }?.floats.map { Double($0) }
    }
    guard let means = numbers(.movingMean), let variances = numbers(.movingVariance), means.count == variances.count
    else { return nil }
    return ChannelMoments(means: means, variances: variances)
  }

  /// Whether the moments are of something: where they were folded into other layers, every mean is 0.
  fileprivate func hasMoments(of node: LayerGraph.Node) -> Bool {
    moments(of: node)?.means.contains { $0 != 0 } ?? false
  }
}
