import GraftGraph

/// What trains and what holds still, decided for every layer before anything runs.
public struct FreezePlan: Hashable, Sendable, Codable {
  /// Names of the layers whose parameters train.
  public let trainableLayers: Set<String>

  /// Which statistics each batch normalisation uses, by the layer's name; one that is missing is frozen.
  public var batchNormModes: [String: BatchNormMode] = [:]

  public init(trainableLayers: Set<String>, batchNormModes: [String: BatchNormMode] = [:]) {
    self.trainableLayers = trainableLayers
    self.batchNormModes = batchNormModes
  }

  /// - Parameters:
  ///   - selector: what of the backbone trains.
  ///   - graph: backbone and head together.
  ///   - head: names of the nodes of the head, which always train.
  ///   - batchNorm: what happens to the batch normalisations among the unfrozen layers.
  /// - Throws: where the selector names a layer that is not there, or selects nothing.
  public init(
    _ selector: LayerSelector, graph: LayerGraph, head: Set<String>, batchNorm: BatchNormPolicy = .affine
  ) throws(PlanningError) {
    let weighted = graph.nodes.filter { !$0.parameters.isEmpty }
    let backbone = weighted.filter { !head.contains($0.name) }
    var selected: Set<String>
    switch selector {
    case .head:
      selected = []
    case .all:
      selected = Set(backbone.map(\.name))
    case .last(let count):
      guard count <= backbone.count else { throw .tooManyLayers(asked: count, weighted: backbone.count) }
      selected = graph.descendants(of: backbone.suffix(count).map(\.name))
    case .from(let name):
      let start = graph[name] == nil ? graph.nodes.filter { $0.stage == name }.map(\.name) : [name]
      guard !start.isEmpty else {
        let names = graph.nodes.map(\.name) + graph.stages
        throw .unknownLayer(name, suggestions: closestNames(to: name, among: names))
      }
      selected = graph.descendants(of: start)
    case .match(let pattern):
      selected = Set(backbone.map(\.name).filter { matches($0, glob: pattern) })
      guard !selected.isEmpty else {
        throw .nothingMatches(pattern: pattern, examples: Array(backbone.suffix(3).map(\.name)))
      }
    }
    selected.formUnion(head)
    var trainable: Set<String> = []
    for node in weighted where selected.contains(node.name) {
      guard node.layer is BatchNormalization else {
        trainable.insert(node.layer.name)
        continue
      }
      let policy = head.contains(node.name) ? .train : batchNorm
      if policy != .frozen { trainable.insert(node.layer.name) }
      if policy == .train { batchNormModes[node.layer.name] = .batchStatistics }
    }
    trainableLayers = trainable
  }

  /// Whether gradients move the parameter. They never move statistics.
  public func trains(_ parameter: ParameterSpecification) -> Bool {
    parameter.isTrainable && trainableLayers.contains(parameter.layer)
  }

  /// Whether the layer normalises by the statistics of the batch, and so depends on the images beside an image.
  public func usesBatchStatistics(_ layer: any Layer) -> Bool {
    layer is BatchNormalization && batchNormModes[layer.name] == .batchStatistics
  }

  public func trainableParameters(of graph: LayerGraph) -> [ParameterSpecification] {
    graph.parameters.filter(trains)
  }

  /// What must come out of a training bit for bit as it went in: all but what trains and the statistics that move.
  public func frozenParameters(of graph: LayerGraph) -> [ParameterSpecification] {
    let moving = Set(graph.nodes.filter { usesBatchStatistics($0.layer) }.map(\.layer.name))
    return graph.parameters.filter { !trains($0) && !($0.isStatistic && moving.contains($0.layer)) }
  }

  /// The stochastic nodes that draw random numbers in training: those that no frozen layer follows. Below a frozen
  /// layer the network is a fixed function, and runs as at inference.
  public func activeStochasticNodes(of graph: LayerGraph) -> Set<String> {
    let frozen = graph.nodes.filter { node in node.parameters.contains { !trains($0) && $0.isTrainable } }
    let fixed = graph.ancestors(of: frozen.map(\.name))
    return Set(graph.nodes.filter { $0.layer.isStochastic && !fixed.contains($0.name) }.map(\.name))
  }

  /// Where the frozen prefix ends: the outputs that depend on nothing that trains, is random or mixes a batch, and that
  /// something else needs. Computed once per image; the graph's own inputs where everything trains.
  public func frontier(of graph: LayerGraph) -> [String] {
    let random = activeStochasticNodes(of: graph)
    var prefix: Set<String> = []
    for node in graph.nodes
    where !random.contains(node.name) && !node.parameters.contains(where: trains) && !usesBatchStatistics(node.layer)
      && node.inputs.allSatisfy(prefix.contains)
    {
      prefix.insert(node.name)
    }
    let needed = Set(graph.nodes.filter { !prefix.contains($0.name) }.flatMap(\.inputs)).union(graph.outputs)
    // A constant is the same for every image: nothing to compute, so each side has its own.
    return graph.nodes.filter { prefix.contains($0.name) && needed.contains($0.name) && !($0.layer is Constant) }
      .map(\.name)
  }
}
