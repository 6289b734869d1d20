import GraftGraph
import GraftTensors

/// What a plan says of one layer with parameters.
public struct LayerPlan: Hashable, Sendable, Codable {
  /// The three facts about a batch normalisation, each apart from the others.
  public struct BatchNorm: Hashable, Sendable, Codable {
    /// Whether γ and β train.
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
  /// nil for every other kind of layer.
  public let batchNorm: BatchNorm?

  public var trains: Bool { trainable > 0 }

  /// Whether another layer is treated the same way.
  public func isLike(_ other: LayerPlan) -> Bool {
    if let batchNorm, let otherNorm = other.batchNorm { return batchNorm == otherNorm }
    return trains == other.trains
  }
}

extension FreezePlan {
  /// The plan for every layer with parameters, in the graph's order; a shared layer once.
  public func layers(of graph: LayerGraph) -> [LayerPlan] {
    var seen: Set<String> = []
    return graph.nodes.compactMap { node in
      guard !node.parameters.isEmpty, seen.insert(node.layer.name).inserted else { return nil }
      let trainable = node.parameters.filter(trains)
      let usesBatch = usesBatchStatistics(node.layer)
      return LayerPlan(
        layer: node.layer.name, stage: node.stage, parameters: node.parameters.reduce(0) { $0 + $1.shape.count },
        trainable: trainable.reduce(0) { $0 + $1.shape.count },
        batchNorm: node.layer is BatchNormalization
          ? .init(affineTrains: !trainable.isEmpty, statisticsUpdate: usesBatch, usesBatchStatistics: usesBatch) : nil)
    }
  }

  /// Whether any layer normalises by the statistics of the batch, so that batches must be full.
  public func needsFullBatches(in graph: LayerGraph) -> Bool {
    graph.nodes.contains { usesBatchStatistics($0.layer) }
  }
}
