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
  let parameters: [ParameterSlot]
  private(set) var lowered: [String: LoweredNode] = [:]
  /// Nodes whose output depends on something that trains.
  let differentiable: Set<String>
  let nodes: NodeLowering
  /// Normalisations that became part of the layers before them.
  let foldings: [NormalizationFolding]

  /// - Parameters:
  ///   - precision: what convolutions and dense layers multiply.
  ///   - trains: whether a parameter trains; none does in a program for inference.
  ///   - activeStochasticNodes: where random numbers are drawn.
  ///   - batchNormModes: by the layer's name; a program for inference has none.
  ///   - differentiatesInputs: whether gradients reach the graph's inputs too.
  ///   - allowsWinograd: whether convolutions run by Winograd's algorithm where that is faster.
  init(
    _ graph: LayerGraph, parameters: consuming Parameters, batch: Int, mode: Lowering.Mode,
    precision: Precision = .float32, seed: UInt64 = 0,
    trains: (ParameterSpecification) -> Bool = { _ in false },
    activeStochasticNodes: Set<String> = [],
    batchNormModes: [String: BatchNormMode] = [:], differentiatesInputs: Bool = false,
    allowsWinograd: Bool = true
  ) throws {
    let graph = try AbsorbPaddings.apply(to: graph)
    switch mode {
    case .inference:
      let folded = try FoldNormalizations.apply(to: graph)
      self.graph = try FuseActivations.apply(to: FuseResiduals.apply(to: folded.0))
      foldings = folded.1
    case .training:
      self.graph = try FuseActivations.apply(to: graph)
      foldings = []
    }
    self.batch = batch
    lowering = Lowering(mode: mode, seed: seed, precision: precision, allowsWinograd: allowsWinograd)
    let folded = Dictionary(
      foldings.flatMap { folding in folding.results.map { ($0, folding) } }, uniquingKeysWith: { first, _ in first })
    for specification in foldings.flatMap(\.sources) {
      _ = try specification.validated(parameters[specification.name])
    }
    let uses = self.graph.nodes.reduce(into: [String: Int]()) { uses, node in
      for parameter in node.parameters { uses[parameter.name, default: 0] += 1 }
    }
    // Of numbers that are folded, never all are there at once: the slots ask for them one after another.
    let scratch = TensorScratch()
    let slots = try self.graph.parameters.map { specification in
      let name = specification.name
      let isShared = uses[name, default: 0] > 1
      if let folding = folded[name] {
        // Only what is folded: a caller's numbers can go as soon as the engine has its own.
        var sources = Parameters()
        for source in folding.sources { sources[source.name] = parameters[source.name] }
        return ParameterSlot(specification, isTrainable: false, isShared: isShared) {
          try folding.folded(name, from: sources, in: scratch)
        }
      }
      let tensor = try specification.validated(parameters[name])
      return ParameterSlot(specification, isTrainable: trains(specification), isShared: isShared) { tensor }
    }
    _ = consume parameters
    self.parameters = slots
    differentiable = self.graph.nodes(dependingOn: trains, includingInputs: differentiatesInputs)
    nodes = NodeLowering(
      self.graph, batch: batch, slots: slots, differentiable: differentiable,
      activeStochasticNodes: activeStochasticNodes, batchNormModes: batchNormModes, into: lowering)
    try lowerAll()
  }

  private mutating func lowerAll() throws {
    var values: [String: Memory] = [:]
    let consumers = graph.consumerCounts
    var unread: [ObjectIdentifier: Int] = [:]
    for node in graph.nodes {
      if node.layer is InputLayer {
        let memory = try lowering.allocate(.channelsLast(node.shape.batched(batch)))
        values[node.name] = memory
        inputs[node.name] = memory
        unread[ObjectIdentifier(memory.buffer)] = consumers[node.name, default: 0]
        continue
      }
      let buffers = node.inputs.compactMap { values[$0].map { ObjectIdentifier($0.buffer) } }
      let result = try nodes.lower(
        node, node.inputs.compactMap { values[$0] }, mayOverwrite: buffers.map { unread[$0] == 1 })
      for buffer in buffers { unread[buffer, default: 0] -= 1 }
      // Several values may lie in one buffer: what a layer only looks at in another shape.
      unread[ObjectIdentifier(result.output.buffer), default: 0] += consumers[node.name, default: 0]
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

extension LayerGraph {
  /// Nodes whose output depends on something that trains, or on the images.
  fileprivate func nodes(
    dependingOn trains: (ParameterSpecification) -> Bool, includingInputs: Bool
  ) -> Set<String> {
    var result: Set<String> = []
    for node in nodes
    where node.parameters.contains(where: trains) || node.inputs.contains(where: result.contains)
      || includingInputs && node.layer is InputLayer
    {
      result.insert(node.name)
    }
    return result
  }
}
