import GraftGraph
import GraftTensors
import GraftTraining

/// A place in a frozen network whose features a linear head could read.
public struct FeatureSource: Hashable, Sendable, Codable {
  /// What the head's own source is called.
  public static let output = "output"

  /// The stage whose end it is; `output` for what the head of the model itself reads.
  public let name: String
  /// The layer: what `--cut` takes, for a stage's end.
  public let node: String
  /// For one image.
  public let shape: [Int]
  /// The share of the network's multiply-adds that it takes, 0 to 1.
  public let depth: Double

  public var isOutput: Bool { name == Self.output }
}

extension TrainedModel {
  /// Where features can be taken: the ends of the backbone's stages, in their order, and what the head reads last.
  ///
  /// A stage end that the head reads through nothing but an average is the output, and no source of its own.
  var featureSources: [FeatureSource] {
    get throws(GraphError) {
      let features = try features
      let output = try features.node(features.outputs[0])
      let whole = Double(max(features.multiplyAdds, 1))
      let stageByNode = graph.stageByNode
      let isAverage = output.layer is GlobalAveragePooling2D
      var sources: [FeatureSource] = []
      for stage in graph.stages {
        let nodes = features.nodes.filter { stageByNode[$0.name] == stage && !head.contains($0.name) }
        guard let end = nodes.last, end.shape.rank == 3, nodes.contains(where: { !$0.parameters.isEmpty }),
          end.name != output.name, !(isAverage && output.inputs == [end.name])
        else { continue }
        let depth = Double(try features.cut(at: [end.name]).multiplyAdds) / whole
        sources.append(
          FeatureSource(name: stage, node: end.name, shape: end.shape.dimensions, depth: min(depth, 1)))
      }
      return sources
        + [FeatureSource(name: FeatureSource.output, node: output.name, shape: output.shape.dimensions, depth: 1)]
    }
  }

  /// The network up to features' sources, each averaged over all positions.
  ///
  /// - Returns: the graph, whose outputs are the sources in their order.
  func pooled(_ sources: [FeatureSource]) throws(GraphError) -> LayerGraph {
    var graph = graph
    var ends: [String] = []
    for (number, source) in sources.enumerated() {
      if try graph.node(source.node).shape.rank == 3 {
        ends.append(try graph.add(GlobalAveragePooling2D("advice_pool\(number)"), after: [source.node]))
      } else {
        ends.append(source.node)
      }
    }
    try graph.setOutputs(ends)
    return try graph.cut(at: ends)
  }
}

extension LayerGraph {
  /// Of all nodes, for one image.
  var multiplyAdds: Int { nodes.reduce(0) { $0 + $1.multiplyAdds } }
}
