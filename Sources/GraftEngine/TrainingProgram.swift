import GraftGraph
import GraftPlanning
import GraftTensors

/// A network compiled to run forward and backward: what follows the frontier, usually.
///
/// The backward pass goes no further than something that trains. A batch may hold fewer images than the program was
/// compiled for; the missing ones are as the first, and must get zero gradients. Only where a layer uses the statistics of the
/// batch must every batch be full: repetitions would falsify them.
@EngineActor
public final class TrainingProgram {
  public nonisolated let graph: LayerGraph
  public nonisolated let batch: Int
  private let compiled: CompiledGraph
  private let forwardSteps: [Step]
  private let backwardSteps: [Step]
  /// What the program holds; an optimizer's state is not in it.
  public nonisolated let footprint: ProgramMemory
  private let outputGradient: Memory
  private let inputGradients: [String: Memory]
  /// A node that uses the statistics of the batch, if any does.
  private let needsFullBatches: String?

  /// - Parameters:
  ///   - graph: a graph of one output.
  ///   - plan: what trains.
  ///   - precision: what convolutions and dense layers multiply; what trains is kept in float32.
  ///   - memory: whether activations are kept for the backward pass, or most of them computed a second time.
  ///   - seed: of the random numbers that stochastic layers draw.
  ///   - differentiatesInputs: whether `inputGradient` will be asked for.
  public init(
    _ graph: LayerGraph, parameters: consuming Parameters, plan: FreezePlan, batch: Int,
    precision: Precision = .float32, memory: MemoryUse = .fast, seed: UInt64, differentiatesInputs: Bool = false
  ) throws {
    precondition(batch > 0 && graph.outputs.count == 1)
    self.graph = graph
    self.batch = batch
    let stochastic = plan.activeStochasticNodes(of: graph)
    let compiled = try CompiledGraph(
      graph, parameters: consume parameters, batch: batch, mode: .training, precision: precision, seed: seed,
      trains: plan.trains,
      activeStochasticNodes: stochastic, batchNormModes: plan.batchNormModes,
      differentiatesInputs: differentiatesInputs)
    needsFullBatches = graph.nodes.first { plan.usesBatchStatistics($0.layer) }?.name
    self.compiled = compiled
    let forwardCount = compiled.lowering.steps.count
    guard let output = compiled.outputs[graph.outputs[0]] else { throw EngineError.missingInput(name: "") }
    outputGradient = try Memory(.rowMajor(output.shape))
    let recomputed =
      memory == .low ? RecomputedSegments(of: compiled.graph, runningOnce: stochastic).segments : []
    inputGradients = try compiled.lowerBackward(from: outputGradient, recomputing: recomputed)
    let steps = compiled.lowering.steps
    // The caller reads the output between forward and backward: as if the first step backward did.
    let activations = try
      (steps[..<forwardCount] + [Step(work: .host {}, buffers: [output.buffer], layer: "")]
      + steps[forwardCount...])
      .placeBuffers(
        fromStart: compiled.inputs.values.map(\.buffer), toEnd: inputGradients.values.map(\.buffer))
    footprint = ProgramMemory(of: steps, slots: compiled.parameters, activations: activations)
    forwardSteps = Array(steps[..<forwardCount])
    backwardSteps = Array(steps[forwardCount...])
  }

  /// How many batches have run forward. What random layers draw for a batch depends on this number, the seed and their names
  /// alone, so that a training that goes on from here needs to set nothing else.
  public var batchesRun: Int {
    get { Int(compiled.lowering.position.drawn) }
    set { compiled.lowering.position.drawn = UInt64(newValue) }
  }

  /// Runs forward. Layers that use the statistics of the batch also move their moving ones.
  ///
  /// - Parameter inputs: by the name of the graph's input, `[n, …]` with n at most `batch`.
  /// - Returns: the output, `[n, …]`.
  public func forward(_ inputs: [String: Tensor]) throws -> Tensor {
    try forward(inputs) { try $0.execute() }
  }

  /// - Parameter execute: runs the steps.
  func forward(_ inputs: [String: Tensor], _ execute: ([Step]) throws -> Void) throws -> Tensor {
    let count = try compiled.load(inputs)
    if let needsFullBatches, count != batch {
      throw EngineError.partialBatch(layer: needsFullBatches, expected: batch, found: count)
    }
    try execute(forwardSteps)
    compiled.lowering.position.drawn += 1
    guard let output = compiled.outputs[graph.outputs[0]] else { throw EngineError.missingInput(name: "") }
    return try output.tensor(rows: count)
  }

  /// Runs backward for the images of the last forward pass, leaving a gradient for every parameter that trains.
  ///
  /// - Parameter gradient: of the loss with respect to the output, `[n, …]`.
  public func backward(_ gradient: Tensor) throws {
    try backward(gradient) { try $0.execute() }
  }

  /// - Parameter execute: runs the steps.
  func backward(_ gradient: Tensor, _ execute: ([Step]) throws -> Void) throws {
    try outputGradient.load(gradient)
    try execute(backwardSteps)
  }

  /// Lends every parameter that trains, with its gradient, to `body`: as flat arrays in an order of the engine's own,
  /// the same in both. Elements that only pad a layout are zero in both.
  public func updateParameters(
    _ body: (ParameterSpecification, inout MutableSpan<Float>, Span<Float>) throws -> Void
  ) rethrows {
    for slot in compiled.parameters where slot.isTrainable {
      guard let memory = slot.memory, let gradient = slot.gradient else { continue }
      var span = MutableSpan(_unsafeElements: memory.floats)
      try body(slot.specification, &span, Span(_unsafeElements: UnsafeBufferPointer(gradient.floats)))
    }
  }

  /// The parameters that training changes, as they are now: those that train, and moved statistics.
  public func trainedParameters() throws -> Parameters {
    try collect { $0.isTrainable || $0.isUpdatedForward ? try $0.tensor() : nil }
  }

  /// Replaces parameters that training changes, as `trainedParameters` returns them; the others stay as they are.
  public func load(_ parameters: Parameters) throws {
    for slot in compiled.parameters where slot.isTrainable || slot.isUpdatedForward {
      if let tensor = parameters[slot.specification.name] { try slot.load(tensor) }
    }
  }

  /// The gradients that the last backward pass left, under their parameters' names.
  public func gradients() throws -> Parameters {
    try collect { try $0.gradientTensor() }
  }

  /// Numbers that lie like a parameter in `updateParameters`, an optimizer's state for one, in the parameter's own shape.
  ///
  /// - Returns: nil for a parameter that does not train.
  public func tensor(_ elements: [Float], likeParameter name: String) throws -> Tensor? {
    try slot(name)?.tensor(lying: elements)
  }

  /// The other way: a tensor of the parameter's shape as its elements lie in `updateParameters`.
  ///
  /// - Returns: nil for a parameter that does not train.
  public func elements(_ tensor: Tensor, likeParameter name: String) throws -> [Float]? {
    try slot(name)?.elements(of: tensor)
  }

  /// Whether a parameter of that name trains.
  public func trains(_ parameter: String) -> Bool { slot(parameter) != nil }

  private func slot(_ name: String) -> ParameterSlot? {
    compiled.parameters.first { $0.isTrainable && $0.specification.name == name }
  }

  private func collect(_ tensor: (ParameterSlot) throws -> Tensor?) throws -> Parameters {
    var result = Parameters()
    for slot in compiled.parameters { result[slot.specification.name] = try tensor(slot) }
    return result
  }

  /// The gradient with respect to an input, `[batch, …]`, or nil where it was not asked for.
  public func inputGradient(_ name: String) throws -> Tensor? {
    try inputGradients[name]?.tensor()
  }

  public var stepCount: Int { forwardSteps.count + backwardSteps.count }

  /// How many of the program's steps only change a layout.
  public var reorderCount: Int { compiled.lowering.reorderCount }
}
