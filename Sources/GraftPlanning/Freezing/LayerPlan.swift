import GraftGraph
import GraftTensors

/// What a plan says of one layer with parameters.
public struct LayerPlan: Hashable, Sendable, Codable {
  /// The three facts about a batch normalisation, each apart from the others.
  public struct BatchNorm: Hashable, Sendable, Codable {
    /// Whether γ or β trains.
    public let affineTrains: Bool
    /// Whether the moving statistics move.
    public let statisticsUpdate: Bool
    /// Which statistics the forward pass uses.
    public let usesBatchStatistics: Bool
  }

  public let layer: String
  public let stage: String?
  /// How many numbers the layer has.
  public let parameters: Int
  /// How many of them train.
  public let trainable: Int
  /// What of the layer trains, where that is only a part of what could; nil otherwise.
  public let trainableRoles: [ParameterSpecification.Role]?
  /// nil for every other kind of layer.
  public let batchNorm: BatchNorm?

  public var trains: Bool { trainable > 0 }

  /// Whether another layer is treated the same way.
  public func isLike(_ other: LayerPlan) -> Bool {
    guard trainableRoles == other.trainableRoles else { return false }
    if let batchNorm, let otherNorm = other.batchNorm { return batchNorm == otherNorm }
    return trains == other.trains
  }
}

extension FreezePlan {
  /// The plan for every layer with parameters, in the graph's order; a shared layer once.
  public func layers(of graph: LayerGraph) -> [LayerPlan] {
    let stages = graph.stageByNode
    var seen: Set<String> = []
    return graph.nodes.compactMap { node in
      guard !node.parameters.isEmpty, seen.insert(node.layer.name).inserted else { return nil }
      let trainable = node.parameters.filter(trains)
      let isPart = !trainable.isEmpty && trainable.count < node.parameters.count(where: \.isTrainable)
      let usesBatch = usesBatchStatistics(node.layer)
      return LayerPlan(
        layer: node.layer.name, stage: stages[node.name],
        parameters: node.parameters.reduce(0) { $0 + $1.shape.count },
        trainable: trainable.reduce(0) { $0 + $1.shape.count }, trainableRoles: isPart ? trainable.map(\.role) : nil,
        batchNorm: node.layer is BatchNormalization
          ? .init(affineTrains: !trainable.isEmpty, statisticsUpdate: usesBatch, usesBatchStatistics: usesBatch) : nil)
    }
  }

  /// Whether any layer normalises by the statistics of the batch, so that batches must be full.
  public func needsFullBatches(in graph: LayerGraph) -> Bool {
    graph.nodes.contains { usesBatchStatistics($0.layer) }
  }
}
