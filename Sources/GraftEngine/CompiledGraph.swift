import GraftGraph
import GraftPlanning
import GraftTensors

/// A graph lowered to forward steps, with what the backward pass and the programs need of each node.
@EngineActor
struct CompiledGraph {
  let graph: LayerGraph
  let batch: Int
  let lowering: Lowering
  private(set) var inputs: [String: Memory] = [:]
  private(set) var outputs: [String: Memory] = [:]
  private(set) var parameters: [ParameterSlot] = []
  private(set) var lowered: [String: LoweredNode] = [:]
  /// Nodes whose output depends on something that trains.
  private(set) var differentiable: Set<String> = []

  /// - Parameters:
  ///   - trains: whether a parameter trains; none does in a program for inference.
  ///   - activeStochasticNodes: where random numbers are drawn.
  ///   - batchNormModes: by the layer's name; a program for inference has none.
  ///   - differentiatesInputs: whether gradients reach the graph's inputs too.
  init(
    _ graph: LayerGraph, parameters: Parameters, batch: Int, mode: Lowering.Mode, seed: UInt64 = 0,
    trains: (ParameterSpecification) -> Bool = { _ in false }, activeStochasticNodes: Set<String> = [],
    batchNormModes: [String: BatchNormMode] = [:], differentiatesInputs: Bool = false
  ) throws {
    self.graph = try FuseActivations.apply(to: AbsorbPaddings.apply(to: graph))
    self.batch = batch
    lowering = Lowering(mode: mode, seed: seed)
    let slots = try self.graph.parameters.map {
      try ParameterSlot($0, from: parameters, isTrainable: trains($0))
    }
    self.parameters = slots
    let slotsByName = Dictionary(uniqueKeysWithValues: slots.map { ($0.specification.name, $0) })
    markDifferentiable(trains: trains, includingInputs: differentiatesInputs)
    try lowerAll(slotsByName, activeStochasticNodes, batchNormModes)
  }

  private mutating func markDifferentiable(trains: (ParameterSpecification) -> Bool, includingInputs: Bool) {
    for node in graph.nodes
    where node.parameters.contains(where: trains) || node.inputs.contains(where: differentiable.contains)
      || includingInputs && node.layer is InputLayer
    {
      differentiable.insert(node.name)
    }
  }

  private mutating func lowerAll(
    _ slots: [String: ParameterSlot], _ activeStochasticNodes: Set<String>, _ batchNormModes: [String: BatchNormMode]
  ) throws {
    var values: [String: Memory] = [:]
    for node in graph.nodes {
      if node.layer is InputLayer {
        let memory = try lowering.allocate(.channelsLast(node.shape.batched(batch)))
        values[node.name] = memory
        inputs[node.name] = memory
        continue
      }
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
        batchNormMode: batchNormModes[node.layer.name] ?? .frozen)
      let result = try layer.lower(node.inputs.compactMap { values[$0] }, context, into: lowering)
      values[node.name] = result.output
      lowered[node.name] = result
    }
    for name in graph.outputs { outputs[name] = values[name] }
  }

  /// Copies a batch into every input.
  ///
  /// - Returns: how many images it has; a network without inputs always runs on as many as it was compiled for.
  func load(_ tensors: [String: Tensor]) throws -> Int {
    var first: (name: String, count: Int)?
    for name in graph.inputs.map(\.name) {
      guard let tensor = tensors[name] else { throw EngineError.missingInput(name: name) }
      try load(tensor, into: name)
      let count = tensor.shape[0]
      if let first, first.count != count {
        throw EngineError.imageCounts(name: first.name, count: first.count, other: name, found: count)
      }
      first = (name, count)
    }
    return first?.count ?? batch
  }

  /// Copies a batch into an input. Images that are missing at the end are as the first: their gradients are zeros, but
  /// where an image of zeros is divided by its own length or sum, zero times what comes of that is no number.
  private func load(_ tensor: Tensor, into name: String) throws {
    guard let memory = inputs[name] else { throw EngineError.missingInput(name: name) }
    let expected = Shape(Array(memory.shape.dimensions.dropFirst()))
    guard tensor.shape.rank == memory.shape.rank, Array(tensor.shape.dimensions.dropFirst()) == expected.dimensions
    else {
      throw EngineError.inputShape(name: name, expected: expected, found: tensor.shape)
    }
    guard tensor.shape[0] <= batch else {
      throw EngineError.tooManyImages(limit: batch, found: tensor.shape[0])
    }
    try memory.load(tensor)
    let rowLength = expected.count
    guard tensor.shape[0] > 0 else { return }
    for row in tensor.shape[0]..<batch {
      let missing = memory.floats[row * rowLength..<(row + 1) * rowLength]
      _ = missing.update(fromContentsOf: memory.floats[..<rowLength])
    }
  }
}
