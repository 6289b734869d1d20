import GraftGraph
import GraftPlanning
import GraftTensors

/// Lowers single nodes of a graph: gathers what each layer needs to know of its place.
@EngineActor
struct NodeLowering {
  let lowering: Lowering
  private let batch: Int
  private let slots: [String: ParameterSlot]
  private let differentiable: Set<String>
  private let activeStochasticNodes: Set<String>
  private let batchNormModes: [String: BatchNormMode]
  private let lastWithWeights: Set<String>
  private let precedingWindowsOf3: Set<String>

  init(
    _ graph: LayerGraph, batch: Int, slots: [ParameterSlot], differentiable: Set<String>,
    activeStochasticNodes: Set<String>, batchNormModes: [String: BatchNormMode], into lowering: Lowering
  ) {
    self.lowering = lowering
    self.batch = batch
    self.slots = Dictionary(uniqueKeysWithValues: slots.map { ($0.specification.name, $0) })
    self.differentiable = differentiable
    self.activeStochasticNodes = activeStochasticNodes
    self.batchNormModes = batchNormModes
    lastWithWeights = graph.lastNodesWithWeights
    precedingWindowsOf3 = graph.nodesPrecedingWindowsOf3
  }

  /// - Parameters:
  ///   - mayOverwrite: for each input, whether nothing later reads it.
  ///   - isRepeated: whether the node has run before in the same step.
  func lower(
    _ node: LayerGraph.Node, _ inputs: [Memory], mayOverwrite: [Bool], isRepeated: Bool = false
  ) throws -> LoweredNode {
    guard let layer = node.layer as? any Lowerable else {
      throw EngineError.unsupportedLayer(name: node.name, kind: type(of: node.layer).kind)
    }
    let context = LoweringNode(
      name: node.name, shape: node.shape.batched(batch),
      parameters: Dictionary(
        node.parameters.compactMap { parameter in slots[parameter.name].map { (parameter.role, $0) } },
        uniquingKeysWith: { first, _ in first }),
      inputsNeedGradient: node.inputs.map(differentiable.contains),
      isActiveStochastic: activeStochasticNodes.contains(node.name),
      batchNormMode: batchNormModes[node.layer.name] ?? .frozen, mayOverwrite: mayOverwrite,
      keepsFloat32: lastWithWeights.contains(node.name), precedesWindowsOf3: precedingWindowsOf3.contains(node.name),
      isRepeated: isRepeated)
    lowering.layer = node.layer.name
    return try layer.lower(inputs, context, into: lowering)
  }
}

extension LayerGraph {
  /// The layers with weights that no other follows: what makes scores, or the features that are asked for.
  fileprivate var lastNodesWithWeights: Set<String> {
    var isFollowed: Set<String> = []
    var result: Set<String> = []
    for node in nodes.reversed() {
      let hasWeights = node.parameters.contains { $0.role.isKernel }
      if hasWeights, !isFollowed.contains(node.name) { result.insert(node.name) }
      if hasWeights || isFollowed.contains(node.name) { isFollowed.formUnion(node.inputs) }
    }
    return result
  }
}
