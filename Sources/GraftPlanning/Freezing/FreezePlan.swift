import GraftGraph
import GraftTensors

/// What trains and what holds still, decided for every parameter before anything runs.
public struct FreezePlan: Hashable, Sendable {
  typealias Role = ParameterSpecification.Role

  /// By the layer's name; `everyRole` for a layer that trains wholly.
  var trainableRoles: [String: Set<Role>]

  /// Which statistics each batch normalisation uses, by the layer's name; one that is missing is frozen.
  public var batchNormModes: [String: BatchNormMode] = [:]

  /// Layers whose kernels hold still while low-rank adapters beside them train: no part of the frozen prefix, though nothing of their
  /// own may train.
  public internal(set) var adaptedLayers: Set<String> = []

  /// All that a gradient may train.
  static let everyRole = Set(Role.allCases.filter { !$0.isStatistic && $0 != .value })

  /// A plan by which the named layers train wholly.
  public init(trainableLayers: Set<String>, batchNormModes: [String: BatchNormMode] = [:]) {
    self.init(
      trainableRoles: Dictionary(uniqueKeysWithValues: trainableLayers.map { ($0, Self.everyRole) }),
      batchNormModes: batchNormModes)
  }

  init(trainableRoles: [String: Set<Role>], batchNormModes: [String: BatchNormMode]) {
    self.trainableRoles = trainableRoles
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
    try self.init(selector, graph: graph, head: head, batchNorm: BatchNormRules(batchNorm))
  }

  /// - Parameter batchNorm: how batch normalisations behave, layer by layer.
  /// - Throws: where a selector names a layer that is not there, or selects nothing.
  public init(
    _ selector: LayerSelector, graph: LayerGraph, head: Set<String>, batchNorm: BatchNormRules
  ) throws(PlanningError) {
    let context = SelectorContext(graph, head: head)
    let selected = try selector.parameters(in: context)
    let policies = try batchNorm.policies(selected: selected, in: context)
    var roles: [String: Set<Role>] = [:]
    var modes: [String: BatchNormMode] = [:]
    for node in graph.nodes {
      let layer = node.layer.name
      let isNormalization = node.layer is BatchNormalization
      let policy = head.contains(node.name) ? .train : policies[layer] ?? .frozen
      let trainable = node.parameters.filter(\.isTrainable)
      var chosen = head.contains(node.name) ? trainable : trainable.filter { selected.contains($0.name) }
      if isNormalization, !policy.trainsAffine { chosen = [] }
      if !chosen.isEmpty {
        roles[layer] = chosen.count == trainable.count ? Self.everyRole : Set(chosen.map(\.role))
      }
      if isNormalization, policy.mode != .frozen { modes[layer] = policy.mode }
    }
    self.init(trainableRoles: roles, batchNormModes: modes)
  }

  /// Names of the layers of which something trains.
  public var trainableLayers: Set<String> { Set(trainableRoles.keys) }

  /// Whether gradients move the parameter. They never move statistics.
  public func trains(_ parameter: ParameterSpecification) -> Bool {
    parameter.isTrainable && trainableRoles[parameter.layer]?.contains(parameter.role) == true
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

  /// The stochastic nodes that draw random numbers in training: those that no frozen layer follows. Below a layer of which
  /// nothing trains the network is a fixed function, and runs as at inference.
  public func activeStochasticNodes(of graph: LayerGraph) -> Set<String> {
    let frozen = graph.nodes.filter { node in
      node.parameters.contains(where: \.isTrainable) && !node.parameters.contains(where: trains)
        && !adaptedLayers.contains(node.layer.name)
    }
    let fixed = graph.ancestors(of: frozen.map(\.name))
    return Set(graph.nodes.filter { $0.layer.isStochastic && !fixed.contains($0.name) }.map(\.name))
  }

  /// Where the frozen prefix ends: the outputs that depend on nothing that trains, is random or mixes a batch, and that
  /// something else needs. A head's scaling of them comes after. Computed once per image; the graph's own inputs where everything trains.
  public func frontier(of graph: LayerGraph) -> [String] {
    let prefix = frozenPrefix(of: graph)
    let needed = Set(graph.nodes.filter { !prefix.contains($0.name) }.flatMap(\.inputs)).union(graph.outputs)
    // A constant is the same for every image: nothing to compute, so each side has its own.
    return graph.nodes.filter { prefix.contains($0.name) && needed.contains($0.name) && !($0.layer is Constant) }
      .map(\.name)
  }

  /// The nodes that depend on nothing that trains, is random or mixes a batch.
  func frozenPrefix(of graph: LayerGraph) -> Set<String> {
    let random = activeStochasticNodes(of: graph)
    var prefix: Set<String> = []
    for node in graph.nodes
    where !random.contains(node.name) && !node.parameters.contains(where: trains) && !usesBatchStatistics(node.layer)
      && !adaptedLayers.contains(node.layer.name) && node.inputs.allSatisfy(prefix.contains)
    {
      prefix.insert(node.name)
    }
    // A head's own scaling costs nothing, and depends on what it is to tell: what it reads suits other trainings too.
    for node in graph.nodes.reversed()
    where node.layer is Normalization && node.shape.rank == 1 && !graph.outputs.contains(node.name)
      && !graph.nodes.contains(where: { prefix.contains($0.name) && $0.inputs.contains(node.name) })
    {
      prefix.remove(node.name)
    }
    return prefix
  }
}

extension FreezePlan: Codable {
  private enum Key: String, CodingKey {
    case trainableLayers, trainableParameters, adaptedLayers, batchNormModes
  }

  /// Layers that train wholly by their names, single parameters of others as `conv1/bias`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    let whole = trainableRoles.filter { $0.value == Self.everyRole }.keys.sorted()
    let parts = trainableRoles.filter { $0.value != Self.everyRole }
      .flatMap { layer, roles in roles.map { "\(layer)/\($0.rawValue)" } }
    try container.encode(whole, forKey: .trainableLayers)
    try container.encode(parts.sorted(), forKey: .trainableParameters)
    if !adaptedLayers.isEmpty { try container.encode(adaptedLayers.sorted(), forKey: .adaptedLayers) }
    try container.encode(batchNormModes, forKey: .batchNormModes)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(
      trainableLayers: container.decode(Set<String>.self, forKey: .trainableLayers),
      batchNormModes: container.decodeIfPresent([String: BatchNormMode].self, forKey: .batchNormModes) ?? [:])
    adaptedLayers = try container.decodeIfPresent(Set<String>.self, forKey: .adaptedLayers) ?? []
    for name in try container.decodeIfPresent([String].self, forKey: .trainableParameters) ?? [] {
      guard let slash = name.lastIndex(of: "/"), let role = Role(rawValue: String(name[name.index(after: slash)...]))
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .trainableParameters, in: container, debugDescription: "“\(name)” is no layer and role")
      }
      trainableRoles[String(name[..<slash]), default: []].insert(role)
    }
  }
}
